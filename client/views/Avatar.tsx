// A face: the person's picture, else their initials on a colour that is always theirs; a dot when they are here.
import type { Presence } from "../../protocol/models.ts";
import { initials, tint } from "../state/names.ts";
import { Icon } from "./Icon.tsx";
import { Picture } from "./Picture.tsx";

interface Props {
  id: string;
  name: string;
  picture?: string | null;
  isGroup?: boolean;
  /** A group's own colour; otherwise it follows from the id. */
  colour?: number | null;
  presence?: Presence;
  size?: "small" | "large" | "huge";
}

/** Always beside the name, and beside words for the presence: it says nothing of its own. */
export function Avatar({ id, name, picture, isGroup, colour, presence = "offline", size = "large" }: Props) {
  return (
    <span class={`avatar avatar-${size} tint-${colour ?? tint(id)}`} aria-hidden="true">
      <Picture src={picture}>{isGroup ? <Icon name="group" /> : initials(name)}</Picture>
      {presence !== "offline" && <span class={`presence presence-${presence}`} />}
    </span>
  );
}
