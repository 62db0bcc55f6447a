// One line of the list: who, about what, the last words and when, how many are unread, and a button for its menu.
import type { Conversation } from "../../protocol/models.ts";
import { counterpart } from "../state/names.ts";
import { conversationPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Face } from "./Face.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { LastWords } from "./LastWords.tsx";
import { Link } from "./Link.tsx";
import { ListingTitle } from "./ListingTitle.tsx";
import { isMuted } from "./mute.ts";
import { conversationName } from "./words.ts";

/** Its height in rem (client/styles/list.css gives its lines room in it): fixed, so that a list knows where each row stands. */
export const rowHeight = ({ listing }: Conversation) => listing ? 5.25 : 4.5;

interface Props {
  conversation: Conversation;
  meId: string;
  /** The address's own. */
  lang: string;
  isOpen: boolean;
  isMenuOpen: boolean;
  /** In a windowed list: where it stands, in rem, the how manyeth of how many (−1: not known). */
  top?: number;
  position?: number;
  count?: number;
  /** Whether Tab stops here; false: arrow keys alone come here. */
  isTabStop?: boolean;
  /** Among found ones: says that it is archived. */
  showsArchived?: boolean;
}

export function ConversationRow(props: Props) {
  const { conversation, meId, lang, isOpen, isMenuOpen, top = 0, isTabStop = true, showsArchived = false } = props;
  const { store, i18n } = useApp();
  const { t } = i18n;
  const { id, listing, unreadCount, lastActivityAt, my } = conversation;
  const name = conversationName(conversation, meId, i18n);
  const person = counterpart(conversation, meId);
  const presence = person ? store.presence.value[person.id]?.presence : undefined;
  const isSilent = isMuted(conversation, store.now.value);
  const hasFailed = store.outbox.value.some((pending) => pending.conversationId === id && pending.failed !== null);
  return (
    <li
      class="row-frame"
      style={{ blockSize: `${rowHeight(conversation)}rem`, insetBlockStart: `${top}rem` }}
      aria-posinset={props.position}
      aria-setsize={props.count}
    >
      <Link
        class="entry"
        href={conversationPath(lang, id)}
        data-item
        data-id={id}
        data-unread={unreadCount > 0 || my.markedUnread}
        aria-current={isOpen ? "page" : undefined}
        tabIndex={isTabStop ? undefined : -1}
        draggable={false}
      >
        <Face conversation={conversation} name={name} meId={meId} />
        <span class="row-line">
          <span class="row-name" dir="auto">{name}</span>
          {presence === "online" && <span class="unseen">{t("list.online")}</span>}
          <time class="row-time" dateTime={lastActivityAt}>{i18n.listTime(lastActivityAt, store.now.value)}</time>
        </span>
        {listing && <ListingTitle listing={listing} />}
        <span class="row-line">
          <LastWords conversation={conversation} meId={meId} isOpen={isOpen} />
          <span class="row-marks">
            {hasFailed && <Mark icon="failed" label={t("list.notSent")} />}
            {showsArchived && my.archived && <Mark icon="archive" label={t("archived.title")} />}
            {isSilent && <Mark icon="muted" label={t("list.muted")} />}
            {unreadCount > 0
              ? (
                <span class={`badge ${isSilent ? "badge-quiet" : ""}`}>
                  <span aria-hidden="true">{unreadCount > 99 ? `${i18n.number(99)}+` : i18n.number(unreadCount)}</span>
                  <span class="unseen">{t("list.unread", { n: unreadCount })}</span>
                </span>
              )
              : my.markedUnread && (
                <span class="badge badge-dot">
                  <span class="unseen">{t("list.marked")}</span>
                </span>
              )}
          </span>
        </span>
      </Link>
      <button
        type="button"
        class="button-icon row-more"
        aria-label={t("list.options", { name })}
        aria-haspopup="menu"
        aria-expanded={isMenuOpen}
        tabIndex={isTabStop ? undefined : -1}
      >
        <Icon name="more" />
      </button>
    </li>
  );
}

function Mark({ icon, label }: { icon: IconName; label: string }) {
  return (
    <span class={`row-mark row-mark-${icon}`} title={label}>
      <Icon name={icon} />
      <span class="unseen">{label}</span>
    </span>
  );
}
