// One message, sent or still on its way: the same element for both, so that its arrival changes nothing but the mark.
import { linkify } from "../state/linkify.ts";
import { tint } from "../state/names.ts";
import type { TimelineItem } from "../state/timeline.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { personName } from "./words.ts";

type Item = Extract<TimelineItem, { kind: "message" | "pending" }>;
type Mark = "pending" | "sent" | "failed";

interface Props {
  item: Item;
  meId: string;
  isGroup: boolean;
}

export function Bubble({ item, meId, isGroup }: Props) {
  const { store, i18n } = useApp();
  const { at, senderId, body, isDeleted, isEdited, mark, seq } = contentOf(item, meId);
  const isOwn = senderId === meId;
  const { isFirst, isLast } = item.place;
  const people = store.people.value;
  const name = personName(senderId, people, meId, i18n);
  const showsMeta = isLast || mark === "pending" || mark === "failed";
  const showsName = isGroup && !isOwn && isFirst;
  return (
    <li
      class={`message ${isOwn ? "message-own" : ""} ${isFirst ? "message-first" : ""} ${isLast ? "message-last" : ""}`}
      data-key={item.key}
      data-seq={seq}
      data-mark={mark}
    >
      {isGroup && !isOwn && (
        <span class="message-face">
          {isLast && <Avatar id={senderId} name={name} picture={people[senderId]?.picture ?? null} size="small" />}
        </span>
      )}
      <div class="bubble" title={i18n.exactTime(at)}>
        <span class={showsName ? `bubble-name name-${tint(senderId)}` : "unseen"} dir="auto">{name}</span>
        <p class={isDeleted ? "bubble-text bubble-deleted" : "bubble-text"} dir="auto">
          {isDeleted ? i18n.t("message.deleted") : linkify(body).map(part)}
          {/* Floats into the last line where there is room for it, else below. */}
          <span class={showsMeta ? "bubble-meta" : "unseen"}>
            {isEdited && <span>{i18n.t("message.edited")}</span>}
            <time dateTime={at}>{i18n.time(at)}</time>
            {mark && <MarkIcon mark={mark} />}
          </span>
        </p>
      </div>
      {item.kind === "pending" && mark === "failed" && <Refused item={item} />}
    </li>
  );
}

function contentOf(item: Item, meId: string) {
  if (item.kind === "pending") {
    const { pending } = item;
    const mark: Mark = pending.failed === null ? "pending" : "failed";
    return { at: pending.createdAt, senderId: meId, body: pending.body, isDeleted: false, isEdited: false, mark };
  }
  const { createdAt, senderId, body, deletedAt, editedAt, seq } = item.message;
  const isDeleted = deletedAt !== null;
  const mark: Mark | undefined = senderId === meId ? "sent" : undefined;
  return { at: createdAt, senderId, body: body ?? "", isDeleted, isEdited: editedAt !== null && !isDeleted, mark, seq };
}

function part({ text, href }: { text: string; href?: string }) {
  // What somebody wrote decides where this leads: it learns nothing of the page it came from.
  return href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">{text}</a> : text;
}

function MarkIcon({ mark }: { mark: Mark }) {
  const { i18n } = useApp();
  const icon: IconName = mark;
  return (
    <span class={`mark mark-${mark}`}>
      <Icon name={icon} />
      <span class="unseen">{i18n.t(`message.${mark}`)}</span>
    </span>
  );
}

function Refused({ item }: { item: Extract<Item, { kind: "pending" }> }) {
  const { actions, i18n } = useApp();
  const { clientId, failed } = item.pending;
  return (
    <p class="refused" role="alert">
      {i18n.t("message.failed")} {failed && i18n.t(`failure.${failed}`)}
      <button type="button" class="button-text" onClick={() => actions.retry(clientId)}>
        {i18n.t("message.retry")}
      </button>
      <button type="button" class="button-text" onClick={() => actions.discard(clientId)}>
        {i18n.t("message.discard")}
      </button>
    </p>
  );
}
