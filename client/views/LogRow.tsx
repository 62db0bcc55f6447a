// One row of the log: the day that begins, the unread line, then the message, or what the system tells.
import { Bubble, type BubbleProps } from "./Bubble.tsx";
import { useApp } from "./context.ts";
import { memo } from "./memo.ts";

export interface LogRowProps extends BubbleProps {
  isUnreadStart: boolean;
  dayWords: string | null;
  systemWords: string | null;
}

/** The log is drawn at each message and each scroll: of its rows only those that have changed. */
export const LogRow = memo((props: LogRowProps) => {
  const { i18n } = useApp();
  const { rowKey, message, dayWords, isUnreadStart, systemWords, mark } = props;
  return (
    <li class="log-row" data-key={rowKey} data-seq={message?.seq} data-mark={mark} tabIndex={-1}>
      {dayWords && (
        <p class="day">
          <span>{dayWords}</span>
        </p>
      )}
      {isUnreadStart && <p class="unread-line">{i18n.t("conversation.unread")}</p>}
      {systemWords === null ? <Bubble {...props} /> : <p class="system" dir="auto">{systemWords}</p>}
    </li>
  );
});
