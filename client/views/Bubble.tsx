// One message, sent or still on its way: the same elements for both, so that its arrival changes nothing but the mark.
import type { Message } from "../../protocol/models.ts";
import { isEmojiOnly } from "../state/message_text.ts";
import { tint } from "../state/names.ts";
import type { Pending } from "../state/outbox.ts";
import type { Tick } from "../state/ticks.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { lazy } from "./lazy.tsx";
import { MessageText } from "./MessageText.tsx";

const SenderLookAlike = lazy(() => import("./LookAlike.tsx"), "SenderLookAlike");
const Refused = lazy(() => import("./Refused.tsx"), "Refused");

export interface BubbleProps {
  /** What the row is known by; the name `key` is Preact's own. */
  rowKey: string;
  message: Message | null;
  pending: Pending | null;
  isFirst: boolean;
  isLast: boolean;
  isOwn: boolean;
  /** Of one's own messages. */
  mark: Tick | "pending" | "failed" | null;
  showsTime: boolean;
  /** In a group, who is speaking is shown. */
  showsFace: boolean;
  /** Their name may look like that of another person here. */
  mayResemble: boolean;
  name: string;
  picture: string | null;
  isUnfolded: boolean;
  quotedName: string | null;
  quotedBody: string | null;
}

export function Bubble(props: BubbleProps) {
  const { i18n } = useApp();
  const { message, pending, isFirst, isLast, isOwn, mark, showsFace, name } = props;
  const senderId = message?.senderId ?? "";
  const body = message ? message.body : pending!.body;
  const isEdited = message !== null && message.editedAt !== null && body !== null;
  const at = message?.createdAt ?? pending!.createdAt;
  const edges = `${isOwn ? "message-own" : ""} ${isFirst ? "message-first" : ""} ${isLast ? "message-last" : ""}`;
  return (
    <div class={`message ${edges}`}>
      {showsFace && (
        <span class="message-face">
          {isLast && <Avatar id={senderId} name={name} picture={props.picture} size="small" />}
        </span>
      )}
      <div class={`bubble ${body !== null && isEmojiOnly(body) ? "bubble-emoji" : ""}`}>
        <span class={showsFace && isFirst ? `bubble-name name-${tint(senderId)}` : "unseen"} dir="auto">{name}</span>
        {showsFace && isFirst && props.mayResemble && (
          <SenderLookAlike conversationId={message!.conversationId} userId={senderId} />
        )}
        {message?.replyToSeq && <Quote seq={message.replyToSeq} name={props.quotedName} body={props.quotedBody} />}
        <div class={body === null ? "bubble-text bubble-deleted" : "bubble-text"} dir="auto">
          {body === null ? i18n.t("message.deleted") : <MessageText body={body} isUnfolded={props.isUnfolded} />}
          {/* Floats into the last line where there is room for it, else below; on the side where that line ends. */}
          <span class={props.showsTime || isEdited ? "bubble-meta" : "unseen"}>
            {isEdited && <span dir={i18n.dir}>{i18n.t("message.edited")}</span>}
            <time dateTime={at} dir={i18n.dir}>{i18n.time(at)}</time>
            {mark && <Mark mark={mark} />}
          </span>
        </div>
      </div>
      <button
        type="button"
        class="message-more"
        data-does="menu"
        tabIndex={-1}
        aria-haspopup="menu"
        aria-label={i18n.t("message.options")}
      />
      {pending && mark === "failed" && <Refused pending={pending} />}
    </div>
  );
}

function Mark({ mark }: { mark: NonNullable<BubbleProps["mark"]> }) {
  const { i18n } = useApp();
  return (
    <span class={`mark mark-${mark}`}>
      <Icon name={mark === "read" || mark === "readBySome" ? "delivered" : mark} />
      <span class="unseen">{i18n.t(`message.${mark}`)}</span>
    </span>
  );
}

function Quote({ seq, name, body }: { seq: number; name: string | null; body: string | null }) {
  const { i18n } = useApp();
  if (name === null) return <p class="quote">{i18n.t("message.earlier")}</p>;
  return (
    <button type="button" class="quote" data-does="show" data-to={seq}>
      <strong dir="auto">{name}</strong>
      <span dir="auto">{body ?? i18n.t("message.deleted")}</span>
    </button>
  );
}
