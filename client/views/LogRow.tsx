// One row of the log: the day that begins, the unread line, then the message, or what the system tells.
import { Component } from "preact";
import { Bubble, type BubbleProps } from "./Bubble.tsx";
import { type AppContext, Context } from "./context.ts";

export interface LogRowProps extends BubbleProps {
  isUnreadStart: boolean;
  dayWords: string | null;
  systemWords: string | null;
}

/** Drawn again only when something of it has changed: the log is drawn at each message and each scroll. */
export class LogRow extends Component<LogRowProps> {
  static override contextType = Context;

  override shouldComponentUpdate(next: LogRowProps): boolean {
    for (const key in next) {
      if (next[key as keyof LogRowProps] !== this.props[key as keyof LogRowProps]) return true;
    }
    return false;
  }

  override render() {
    const { i18n } = this.context as AppContext;
    const { rowKey, message, dayWords, isUnreadStart, systemWords, mark } = this.props;
    return (
      <li class="log-row" data-key={rowKey} data-seq={message?.seq} data-mark={mark} tabIndex={-1}>
        {dayWords && (
          <p class="day">
            <span>{dayWords}</span>
          </p>
        )}
        {isUnreadStart && <p class="unread-line">{i18n.t("conversation.unread")}</p>}
        {systemWords === null ? <Bubble {...this.props} /> : <p class="system" dir="auto">{systemWords}</p>}
      </li>
    );
  }
}
