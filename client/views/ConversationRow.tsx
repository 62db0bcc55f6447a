// One line of the list: who, about what, the last words and when, how many are unread.
import type { Conversation } from "../../protocol/models.ts";
import { counterpart } from "../state/names.ts";
import { conversationPath } from "../state/route.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import { conversationName, previewWords } from "./words.ts";

interface Props {
  conversation: Conversation;
  isOpen: boolean;
  meId: string;
}

export function ConversationRow({ conversation, isOpen, meId }: Props) {
  const { store, i18n } = useApp();
  const { id, kind, listing, unreadCount, lastActivityAt } = conversation;
  const name = conversationName(conversation, meId, i18n);
  const person = counterpart(conversation, meId);
  return (
    <li>
      <Link
        class="row"
        href={conversationPath(store.route.value.lang, id)}
        data-id={id}
        data-unread={unreadCount > 0}
        aria-current={isOpen ? "page" : undefined}
      >
        <Avatar id={person?.id ?? id} name={name} picture={person?.picture ?? null} isGroup={kind === "group"} />
        <span class="row-name" dir="auto">{name}</span>
        <time class="row-time" dateTime={lastActivityAt}>{i18n.listTime(lastActivityAt, store.now.value)}</time>
        {listing && (
          <span class="row-listing" dir="auto">
            <Icon name="tag" />
            {listing.title}
          </span>
        )}
        <span class="row-last" dir="auto">{previewWords(conversation, store.people.value, meId, i18n)}</span>
        {unreadCount > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unreadCount > 99 ? `${i18n.number(99)}+` : i18n.number(unreadCount)}</span>
            <span class="unseen">{i18n.t("list.unread", { n: unreadCount })}</span>
          </span>
        )}
      </Link>
    </li>
  );
}
