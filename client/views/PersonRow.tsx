// A person who was found: tap to begin, or to choose for a group.
import type { User } from "../../protocol/models.ts";
import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";

interface Props {
  person: User;
  /** Undefined: choosing is not what a tap does. */
  isChosen: boolean | undefined;
  /** Why this person is not to be picked. */
  note?: string | undefined;
  onPick(): void;
}

export function PersonRow({ person, isChosen, note, onPick }: Props) {
  const about = note ?? (person.username === null ? undefined : `@${person.username}`);
  return (
    <li>
      <button
        type="button"
        class="person"
        aria-pressed={note ? undefined : isChosen}
        aria-disabled={note !== undefined}
        onClick={() => note === undefined && onPick()}
      >
        <Avatar id={person.id} name={person.name} picture={person.picture} />
        <span class="person-name" dir="auto">{person.name}</span>
        {about && <span class="person-username" dir="auto">{about}</span>}
        {isChosen !== undefined && !note && <span class="person-choice">{isChosen && <Icon name="check" />}</span>}
      </button>
    </li>
  );
}
