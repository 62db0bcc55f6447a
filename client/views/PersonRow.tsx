// A person who was found: tap to begin, or to choose for a group.
import type { User } from "../../protocol/models.ts";
import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";

interface Props {
  person: User;
  /** Undefined: choosing is not what a tap does. */
  isChosen: boolean | undefined;
  onPick(): void;
}

export function PersonRow({ person, isChosen, onPick }: Props) {
  return (
    <li>
      <button type="button" class="person" aria-pressed={isChosen} onClick={onPick}>
        <Avatar id={person.id} name={person.name} picture={person.picture} />
        <span class="person-name" dir="auto">{person.name}</span>
        {person.username !== null && <span class="person-username">@{person.username}</span>}
        {isChosen !== undefined && <span class="person-choice">{isChosen && <Icon name="sent" />}</span>}
      </button>
    </li>
  );
}
