// Find somebody and begin: one person with one tap, or several and a name for the group.
import { useEffect, useRef, useState } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import { SEARCH_MAX_CHARS, TITLE_MAX_CHARS } from "../../protocol/limits.ts";
import type { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { PersonRow } from "./PersonRow.tsx";
import { useSearch } from "./use_search.ts";
import { failureWords } from "./words.ts";

export function NewConversation() {
  const { actions, i18n: { t }, i18n } = useApp();
  const [words, setWords] = useState("");
  const [isGroup, setGroup] = useState(false);
  const [chosen, setChosen] = useState<User[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const search = useSearch(words);

  useEffect(() => field.current?.focus(), []);

  const isChosen = (person: User) => chosen.some(({ id }) => id === person.id);
  async function pick(person: User): Promise<void> {
    if (!isGroup) return setFailure(await actions.startDirect(person.id));
    setChosen(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person]);
  }

  return (
    <section class="new" aria-labelledby="new-title">
      <header class="bar">
        <button
          type="button"
          class="button-icon back back-always"
          aria-label={t("nav.back")}
          onClick={actions.backToList}
        >
          <Icon name="back" />
        </button>
        <h1 id="new-title">{t(isGroup ? "new.group" : "new.title")}</h1>
        <button type="button" class="button-text" onClick={() => setGroup(!isGroup)}>
          {t(isGroup ? "new.direct" : "new.group")}
        </button>
      </header>
      <div class="new-body">
        {isGroup && <GroupForm chosen={chosen} onRemove={pick} onFailure={setFailure} />}
        <div class="search">
          <Icon name="search" />
          <input
            ref={field}
            type="search"
            dir="auto"
            aria-label={t("new.search")}
            placeholder={t("new.search")}
            autocomplete="off"
            maxLength={SEARCH_MAX_CHARS}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        {failure && <p class="form-failure" role="alert">{failureWords(failure, i18n)}</p>}
        <p class="new-hint" role="status">
          {search.status === "idle" && t(isGroup ? "new.groupHint" : "new.searchHint")}
          {search.status === "searching" && search.people.length === 0 && t("new.searching")}
          {search.status === "found" && search.people.length === 0 && t("new.nobody", { words: words.trim() })}
          {search.failure && failureWords(search.failure, i18n)}
        </p>
        <ul class="people" aria-label={t("new.people")}>
          {search.people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isChosen={isGroup ? isChosen(person) : undefined}
              onPick={() => pick(person)}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}

interface GroupFormProps {
  chosen: User[];
  onRemove(person: User): void;
  onFailure(failure: Failure | null): void;
}

function GroupForm({ chosen, onRemove, onFailure }: GroupFormProps) {
  const { actions, i18n: { t } } = useApp();
  const [title, setTitle] = useState("");
  const canCreate = title.trim() !== "" && chosen.length > 0;
  return (
    <form
      class="group-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (canCreate) onFailure(await actions.startGroup(title.trim(), chosen.map(({ id }) => id)));
      }}
    >
      <div class="field">
        <label for="group-title">{t("new.groupTitle")}</label>
        <div class="field-box">
          <input
            id="group-title"
            dir="auto"
            autocomplete="off"
            maxLength={TITLE_MAX_CHARS}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </div>
      </div>
      {chosen.length > 0 && (
        <ul class="chips" aria-label={t("new.chosen", { n: chosen.length })}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                class="chip"
                aria-label={t("new.remove", { name: person.name })}
                onClick={() => onRemove(person)}
              >
                <span dir="auto">{person.name}</span>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="submit" class="button button-main" aria-disabled={!canCreate}>{t("new.create")}</button>
    </form>
  );
}
