// Finds people by what is typed; arrow keys walk through them, Enter takes the first.
import { useEffect, useRef, useState } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import { SEARCH_MAX_CHARS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { isComposing } from "./is_composing.ts";
import { PersonRow } from "./PersonRow.tsx";
import { useSearch } from "./use_search.ts";
import { failureWords } from "./words.ts";

interface Props {
  /** Said before anything is typed. */
  hint: string;
  /** Undefined: a tap begins at once, nobody is chosen. */
  chosen?: readonly User[] | undefined;
  /** Why somebody is not to be picked. */
  noteOf?(person: User): string | undefined;
  onPick(person: User): void;
}

export function PeopleSearch({ hint, chosen, noteOf, onPick }: Props) {
  const { i18n: { t }, i18n } = useApp();
  const [words, setWords] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const search = useSearch(words);
  const { people, status } = search;

  const isChosen = (person: User) => chosen?.some(({ id }) => id === person.id);

  useEffect(() => field.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent): void {
    const box = event.currentTarget as HTMLElement;
    const stops = [...box.querySelectorAll<HTMLElement>("input[type=search], .person")];
    const at = stops.indexOf(event.target as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) stops[Math.max(0, at + step)]?.focus();
    // While a word is being composed (Devanagari, Chinese), Enter ends the word.
    else if (event.key === "Enter" && at === 0 && !isComposing(event) && status === "found") {
      const first = people.find((person) => !noteOf?.(person) && !isChosen(person));
      if (first) onPick(first);
      // The next name is typed over this one.
      field.current?.select();
    } else return;
    event.preventDefault();
  }

  return (
    <div class="finder" onKeyDown={onKeyDown}>
      <div class="search">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          dir="auto"
          aria-label={t("new.search")}
          placeholder={t("new.search")}
          autocomplete="off"
          autofocus
          enterkeyhint="search"
          maxLength={SEARCH_MAX_CHARS}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <p class="finder-hint" role="status">
        {status === "idle" && hint}
        {status === "searching" && people.length === 0 && t("new.searching")}
        {status === "found" && people.length === 0 && t("new.nobody", { words: words.trim() })}
        {status === "found" && people.length > 0 && <span class="unseen">{t("find.count", { n: people.length })}</span>}
        {search.failure && failureWords(search.failure, i18n)}
      </p>
      {people.length > 0 && (
        <ul class="people" aria-label={t("new.people")}>
          {people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isChosen={isChosen(person)}
              note={noteOf?.(person)}
              onPick={() => onPick(person)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}
