// What the words in the search field find: conversations that are loaded at once, then the server's, then people.
import { useMemo, useRef } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import { Avatar } from "./Avatar.tsx";
import { ConversationRow } from "./ConversationRow.tsx";
import { useApp } from "./context.ts";
import { matching, matchingPeople } from "./find.ts";
import { useFind } from "./use_find.ts";
import { useRowMenu } from "./use_row_menu.tsx";
import { failureWords } from "./words.ts";

/** Who does not find it among so many types another letter. */
const SHOWN_MAX = 50;

interface Props {
  query: string;
  meId: string;
  /** Somebody was picked: the search has done its work. */
  onDone(): void;
}

export function SearchResults({ query, meId, onDone }: Props) {
  const { store, actions, i18n } = useApp();
  const { t } = i18n;
  const box = useRef<HTMLElement>(null);
  const { lang, conversationId: openId } = store.route.value;
  const found = useFind(query);
  const known = store.conversations.value;
  const conversations = useMemo(() => {
    const isOld = found.status === "searching";
    // While the server is asked, what it found before stays where it still fits.
    const theirs = found.conversations.map((one) => known[one.id] ?? one);
    const all = { ...known, ...Object.fromEntries(theirs.map((one) => [one.id, one])) };
    const here = matching(Object.values(all), query, meId);
    const ids = new Set(here.map(({ id }) => id));
    return [...here, ...isOld ? [] : theirs.filter(({ id }) => !ids.has(id))]
      .sort((a, b) => a.lastActivityAt < b.lastActivityAt ? 1 : -1).slice(0, SHOWN_MAX);
  }, [known, found, query, meId]);
  const people = found.status === "searching" ? matchingPeople(found.people, query) : found.people;
  const menu = useRowMenu(meId, (id) => conversations.find((one) => one.id === id), () => {});
  const count = conversations.length + people.length;

  async function write({ id }: User): Promise<void> {
    const failure = await actions.startDirect(id);
    if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
    else onDone();
  }

  return (
    <nav class="list" ref={box} aria-label={t("find.label")} {...menu.handlers}>
      {conversations.length > 0 && (
        <section aria-labelledby="found-conversations">
          <h2 class="list-heading" id="found-conversations">{t("find.conversations")}</h2>
          <ul>
            {conversations.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                meId={meId}
                isMenuOpen={menu.openId === conversation.id}
                lang={lang}
                isOpen={conversation.id === openId}
                showsArchived
              />
            ))}
          </ul>
        </section>
      )}
      {people.length > 0 && (
        <section aria-labelledby="found-people">
          <h2 class="list-heading" id="found-people">{t("find.people")}</h2>
          <ul>
            {people.map((person) => (
              <li key={person.id} class="row-frame">
                <button type="button" class="entry row-person" data-item onClick={() => write(person)}>
                  <Avatar id={person.id} name={person.name} picture={person.picture} />
                  <span class="row-name" dir="auto">{person.name}</span>
                  {person.username !== null && <span class="row-last" dir="ltr">@{person.username}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {menu.menu}
      <p class={count > 0 && found.status !== "failed" ? "unseen" : "list-note"} role="status">
        {found.status === "searching"
          ? t("find.searching")
          : found.failure
          ? failureWords(found.failure, i18n)
          : count > 0
          ? t("find.count", { n: count })
          : t("find.nothing", { words: query })}
      </p>
    </nav>
  );
}
