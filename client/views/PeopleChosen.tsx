// Who has been chosen so far; a tap takes somebody off again.
import type { User } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { straight } from "./words.ts";

export function PeopleChosen({ people, onRemove }: { people: readonly User[]; onRemove(person: User): void }) {
  const { i18n: { t } } = useApp();
  if (people.length === 0) return null;
  return (
    <ul class="chips" aria-label={t("new.chosen", { n: people.length })}>
      {people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            class="chip"
            aria-label={t("new.remove", { name: straight(person.name) })}
            onClick={() => onRemove(person)}
          >
            <span dir="auto">{person.name}</span>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
