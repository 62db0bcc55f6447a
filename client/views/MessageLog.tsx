// The messages of one conversation: days, groups, the unread line, older pages on the way up.
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { timeline, type TimelineItem } from "../state/timeline.ts";
import type { Thread } from "../state/thread.ts";
import { Bubble } from "./Bubble.tsx";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { useScroll } from "./use_scroll.ts";
import { systemWords } from "./words.ts";

interface Props {
  conversation: Conversation;
  thread: Thread;
  name: string;
  meId: string;
}

export function MessageLog({ conversation, thread, name, meId }: Props) {
  const { store, actions, i18n } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const outbox = store.outbox.value;
  const now = store.now.value;
  const { id } = conversation;
  const pending = useMemo(() => outbox.filter(({ conversationId }) => conversationId === id), [outbox, id]);
  const items = useMemo(
    () => timeline({ messages: thread.messages, pending, meId, unreadAfter: thread.unreadAfter }),
    [thread.messages, pending, meId, thread.unreadAfter],
  );
  const { isAtEnd, toEnd } = useScroll({
    box,
    onNearStart: () => {
      if (thread.older === "idle") actions.loadOlder(id);
    },
    onSeen: (seq) => actions.markRead(id, seq),
  });

  // What one has just written is what one wants to see.
  const lastPending = pending.at(-1)?.clientId;
  useLayoutEffect(() => {
    if (lastPending !== undefined) toEnd();
  }, [lastPending]);

  function draw(item: TimelineItem) {
    switch (item.kind) {
      case "day":
        return <li key={item.key} data-key={item.key} class="day">{i18n.day(item.at, now)}</li>;
      case "unread":
        return <li key={item.key} data-key={item.key} class="unread-line">{i18n.t("conversation.unread")}</li>;
      case "system":
        return (
          <li key={item.key} data-key={item.key} data-seq={item.message.seq} class="system">
            {systemWords(item.message, store.people.value, meId, i18n)}
          </li>
        );
      default:
        return <Bubble key={item.key} item={item} meId={meId} isGroup={conversation.kind === "group"} />;
    }
  }

  return (
    <div class="log-frame">
      <div
        class="log"
        ref={box}
        role="log"
        aria-label={i18n.t("conversation.label", { name })}
        aria-busy={thread.older === "loading"}
        tabIndex={0}
      >
        <LogStart id={id} thread={thread} isEmpty={items.length === 0} />
        <ol>{items.map(draw)}</ol>
      </div>
      {!isAtEnd && (
        <button type="button" class="to-end" onClick={toEnd} aria-label={i18n.t("conversation.toNewest")}>
          {conversation.unreadCount > 0 && (
            <span>{i18n.t("conversation.newBelow", { n: conversation.unreadCount })}</span>
          )}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function LogStart({ id, thread, isEmpty }: { id: string; thread: Thread; isEmpty: boolean }) {
  const { actions, i18n } = useApp();
  if (isEmpty) return <p class="log-start log-empty">{i18n.t("conversation.empty")}</p>;
  if (!thread.hasBefore) {
    // "… began the conversation" says it already.
    return thread.messages[0]?.kind === "system" ? null : <p class="log-start">{i18n.t("conversation.begin")}</p>;
  }
  if (thread.older === "failed") {
    return (
      <p class="log-start">
        {i18n.t("conversation.olderFailed")}{" "}
        <button type="button" class="button-text" onClick={() => actions.loadOlder(id)}>
          {i18n.t("action.retry")}
        </button>
      </p>
    );
  }
  return <p class="log-start">{i18n.t("conversation.olderLoading")}</p>;
}
