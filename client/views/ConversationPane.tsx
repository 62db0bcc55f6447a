// One conversation: its header, its messages, the composer.
import { useEffect, useRef } from "preact/hooks";
import { ConversationHeader } from "./ConversationHeader.tsx";
import { Composer } from "./Composer.tsx";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { MessageLog } from "./MessageLog.tsx";
import { BubbleSkeleton } from "./Skeleton.tsx";
import { conversationName } from "./words.ts";

export function ConversationPane({ id, meId }: { id: string; meId: string }) {
  const { store, actions, i18n } = useApp();
  const conversation = store.conversations.value[id];
  const thread = store.threads.value[id];
  const isGone = thread?.failure?.code === "not_found" || thread?.failure?.code === "invalid";
  const root = useRef<HTMLElement>(null);

  useEffect(() => {
    // With a mouse people write next; on a touch screen a keyboard that jumps up would hide what they came to read.
    const selector = matchMedia("(pointer: fine)").matches ? "textarea" : "h1";
    root.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }, [conversation === undefined]);

  const name = conversation ? conversationName(conversation, meId, i18n) : "";
  return (
    <section class="conversation" ref={root} aria-label={i18n.t("conversation.label", { name })}>
      <ConversationHeader conversation={conversation} name={name} meId={meId} />
      {thread?.status === "ready" && conversation
        ? <MessageLog conversation={conversation} thread={thread} name={name} meId={meId} />
        : isGone
        ? <p class="note" role="alert">{i18n.t("conversation.gone")}</p>
        : thread?.failure
        ? (
          <FailureNote
            title={i18n.t("conversation.failed")}
            failure={thread.failure}
            onRetry={() => actions.loadThread(id)}
          />
        )
        : <BubbleSkeleton label={i18n.t("conversation.loading")} />}
      {conversation && <Composer conversationId={id} />}
    </section>
  );
}
