// One conversation: its header, what it is about, its messages, the composer; beside it or in its place, its details.
import { useEffect, useRef } from "preact/hooks";
import { conversationPath, detailsPath } from "../state/route.ts";
import { ConversationHeader } from "./ConversationHeader.tsx";
import { Composer } from "./Composer.tsx";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { lazy } from "./lazy.tsx";
import { ListingCard } from "./ListingCard.tsx";
import { MessageLog } from "./MessageLog.tsx";
import { BubbleSkeleton } from "./BubbleSkeleton.tsx";
import { useMedia } from "./use_media.ts";
import { conversationName } from "./words.ts";

const Details = lazy(() => import("./Details.tsx"), "Details");

/** Wide enough for list, conversation and details side by side (client/styles/details.css). */
const THREE_COLUMNS = "(min-width: 1150px)";

/** Whether the step before the details is their conversation: then the way out is one step back in the history. */
let isStepOfOurs = false;

export function ConversationPane({ id, meId }: { id: string; meId: string }) {
  const { store, actions, i18n } = useApp();
  const conversation = store.conversations.value[id];
  const { lang, panel } = store.route.value;
  const isBeside = useMedia(THREE_COLUMNS);
  const isDetailed = panel === "details" && conversation !== undefined;
  const root = useRef<HTMLDivElement>(null);
  useFocus(root, isDetailed, conversation !== undefined);

  function openDetails(): void {
    // Beside the conversation the details are no page of their own, and no step to go back from.
    isStepOfOurs = !isBeside;
    actions.go(detailsPath(lang, id), { replace: isBeside });
  }

  function closeDetails(): void {
    if (isStepOfOurs) actions.backToList();
    else actions.go(conversationPath(lang, id), { replace: true });
    isStepOfOurs = false;
  }

  const name = conversation ? conversationName(conversation, meId, i18n) : "";
  return (
    <div class="conversation-frame" ref={root}>
      {(isBeside || !isDetailed) && (
        <section class="conversation" aria-label={i18n.t("conversation.label", { name })}>
          <ConversationHeader
            conversation={conversation}
            name={name}
            meId={meId}
            isDetailsOpen={isDetailed}
            onDetails={isDetailed ? closeDetails : openDetails}
          />
          {conversation?.listing && <ListingCard listing={conversation.listing} />}
          <Messages id={id} name={name} meId={meId} />
          {conversation && <Composer conversationId={id} />}
        </section>
      )}
      {isDetailed && (
        <Details conversation={conversation} name={name} meId={meId} isBeside={isBeside} onClose={closeDetails} />
      )}
    </div>
  );
}

function Messages({ id, name, meId }: { id: string; name: string; meId: string }) {
  const { store, actions, i18n } = useApp();
  const conversation = store.conversations.value[id];
  const thread = store.threads.value[id];
  if (thread?.status === "ready" && conversation) {
    return <MessageLog conversation={conversation} thread={thread} name={name} meId={meId} />;
  }
  if (thread?.failure?.code === "not_found" || thread?.failure?.code === "invalid") {
    return <p class="note" role="alert">{i18n.t("conversation.gone")}</p>;
  }
  if (thread?.failure) {
    const again = () => actions.loadThread(id);
    return <FailureNote title="conversation.failed" failure={thread.failure} onRetry={again} />;
  }
  return <BubbleSkeleton label={i18n.t("conversation.loading")} />;
}

/**
 * With a mouse people write next; on a touch screen a keyboard that jumps up would hide what they came to read. Back
 * from the details the keyboard stands where it was; the details take it themselves when they come.
 */
function useFocus(root: { current: HTMLElement | null }, isDetailed: boolean, isThere: boolean): void {
  const wasDetailed = useRef(isDetailed);
  useEffect(() => {
    const isBack = wasDetailed.current;
    wasDetailed.current = isDetailed;
    if (isDetailed) return;
    const selector = isBack ? ".head-details" : matchMedia("(pointer: fine)").matches ? "textarea" : "h1";
    root.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }, [isDetailed, isThere]);
}
