// Adds people to a group: found by name, several at once.
import { useState } from "preact/hooks";
import type { Participant, User } from "../../protocol/models.ts";
import { ADD_MAX_PARTICIPANTS } from "../../protocol/limits.ts";
import type { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./Dialog.tsx";
import { PeopleChosen } from "./PeopleChosen.tsx";
import { PeopleSearch } from "./PeopleSearch.tsx";
import { failureWords } from "./words.ts";

interface Props {
  conversationId: string;
  /** Those who are in it, as far as they are loaded: adding one again would change nothing. */
  present: readonly Participant[];
  onAdded(): void;
  onClose(): void;
}

export function DetailsAdd({ conversationId, present, onAdded, onClose }: Props) {
  const { actions, i18n: { t }, i18n } = useApp();
  const [chosen, setChosen] = useState<User[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isFull = chosen.length > ADD_MAX_PARTICIPANTS;

  function toggle(person: User): void {
    const others = chosen.filter((one) => one.id !== person.id);
    setChosen(others.length < chosen.length ? others : [...chosen, person]);
  }

  async function add(): Promise<void> {
    if (isBusy || isFull || chosen.length === 0) return;
    setBusy(true);
    const outcome = await actions.addPeople(conversationId, chosen.map((person) => person.id));
    setBusy(false);
    if (outcome) return setFailure(outcome);
    onAdded();
    onClose();
  }

  return (
    <Dialog title={t("details.add")} onClose={onClose} class="dialog-people">
      <PeopleChosen people={chosen} onRemove={toggle} />
      <PeopleSearch
        hint={t("details.addHint")}
        chosen={chosen}
        noteOf={({ id }) => present.some(({ user }) => user.id === id) ? t("details.added") : undefined}
        onPick={toggle}
      />
      {isFull && <p class="form-failure" role="alert">{t("new.tooMany", { n: ADD_MAX_PARTICIPANTS })}</p>}
      {failure && <p class="form-failure" role="alert">{failureWords(failure, i18n)}</p>}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>{t("new.cancel")}</button>
        <button
          type="button"
          class="button button-main"
          aria-disabled={isBusy || isFull || chosen.length === 0}
          onClick={add}
        >
          {chosen.length > 0 ? t("details.addChosen", { n: chosen.length }) : t("details.add")}
        </button>
      </div>
    </Dialog>
  );
}
