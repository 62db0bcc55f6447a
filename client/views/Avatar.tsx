// A face: the person's picture, else their initials on a colour that is always theirs.
import { useState } from "preact/hooks";
import { initials, tint } from "../state/names.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  id: string;
  name: string;
  picture?: string | null;
  isGroup?: boolean;
  size?: "small" | "large";
}

/** Always beside the name, so it says nothing of its own. */
export function Avatar({ id, name, picture = null, isGroup = false, size = "large" }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const className = `avatar avatar-${size} tint-${tint(id)}`;
  if (picture !== null && picture !== broken) {
    return (
      <img
        class={className}
        src={picture}
        alt=""
        loading="lazy"
        decoding="async"
        referrerpolicy="no-referrer"
        onError={() => setBroken(picture)}
      />
    );
  }
  return <span class={className} aria-hidden="true">{isGroup ? <Icon name="group" /> : initials(name)}</span>;
}
