// Begin: one person with one tap, a group with name, colour and people, or what a link says.
import { useState } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import type { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { NewFromLink } from "./NewFromLink.tsx";
import { NewGroup } from "./NewGroup.tsx";
import { PeopleSearch } from "./PeopleSearch.tsx";
import { failureWords } from "./words.ts";

export function NewConversation() {
  const { store, actions, i18n: { t } } = useApp();
  const [isGroup, setGroup] = useState(false);
  const { query } = store.route.value;
  const linked = new URLSearchParams(query);
  const isLinked = linked.has("to") || linked.has("toExternal");
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
        {isGroup && <button type="button" class="button-text" onClick={() => setGroup(false)}>{t("new.direct")}
        </button>}
      </header>
      {isLinked
        ? <NewFromLink key={query} query={query} />
        : isGroup
        ? <NewGroup />
        : <NewDirect onGroup={() => setGroup(true)} />}
    </section>
  );
}

function NewDirect({ onGroup }: { onGroup(): void }) {
  const { actions, i18n: { t }, i18n } = useApp();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function begin(person: User): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setFailure(await actions.startDirect(person.id));
    setBusy(false);
  }

  return (
    <div class="new-body" aria-busy={isBusy}>
      <button type="button" class="person new-group" onClick={onGroup}>
        <span class="avatar">
          <Icon name="group" />
        </span>
        <span class="person-name">{t("new.group")}</span>
      </button>
      {failure && <p class="form-failure" role="alert">{failureWords(failure, i18n)}</p>}
      <PeopleSearch hint={t("new.searchHint")} onPick={begin} />
    </div>
  );
}
