// A group to be: its name, its colour, its people.
import { useId, useRef, useState } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import { ADD_MAX_PARTICIPANTS, TITLE_MAX_CHARS } from "../../protocol/limits.ts";
import { TINTS } from "../state/names.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { PeopleChosen } from "./PeopleChosen.tsx";
import { PeopleSearch } from "./PeopleSearch.tsx";
import { Swatches } from "./Swatches.tsx";
import { failureWords } from "./words.ts";

export function NewGroup() {
  const { actions, i18n: { t }, i18n } = useApp();
  const [title, setTitle] = useState("");
  const [colour, setColour] = useState(() => Math.floor(Math.random() * TINTS));
  const [chosen, setChosen] = useState<User[]>([]);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  function toggle(person: User): void {
    const others = chosen.filter((one) => one.id !== person.id);
    if (others.length === chosen.length && chosen.length === ADD_MAX_PARTICIPANTS) {
      return setProblem(t("new.tooMany", { n: ADD_MAX_PARTICIPANTS }));
    }
    setProblem("");
    setChosen(others.length < chosen.length ? others : [...chosen, person]);
  }

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    if (title.trim() === "") {
      field.current?.focus();
      return setProblem(t("new.needsTitle"));
    }
    if (chosen.length === 0) return setProblem(t("new.needsPeople"));
    setBusy(true);
    const failure = await actions.startGroup(title.trim(), chosen.map((person) => person.id), colour);
    setBusy(false);
    setProblem(failure ? failureWords(failure, i18n) : "");
  }

  return (
    <>
      <div class="new-body" aria-busy={isBusy}>
        <form class="group-form" id={id} onSubmit={create}>
          <span class={`avatar tint-${colour}`} aria-hidden="true">
            <Icon name="group" />
          </span>
          <div class="field">
            <label for={`${id}-title`}>{t("new.groupTitle")}</label>
            <div class="field-box">
              <input
                ref={field}
                id={`${id}-title`}
                dir="auto"
                autocomplete="off"
                maxLength={TITLE_MAX_CHARS}
                value={title}
                onInput={(event) => {
                  setTitle(event.currentTarget.value);
                  setProblem("");
                }}
              />
            </div>
          </div>
          <Swatches value={colour} onPick={setColour} />
        </form>
        <PeopleChosen people={chosen} onRemove={toggle} />
        <PeopleSearch hint={t("new.groupHint")} chosen={chosen} onPick={toggle} />
      </div>
      <footer class="new-foot">
        <p class="form-failure" role="alert" hidden={problem === ""}>{problem}</p>
        <button type="submit" form={id} class="button button-main" aria-disabled={isBusy}>{t("new.create")}</button>
      </footer>
    </>
  );
}
