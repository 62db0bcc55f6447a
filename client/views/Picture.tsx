// A picture from somewhere else; where there is none, or it does not come, what stands for it.
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";

interface Props {
  src: string | null | undefined;
  class?: string;
  width?: string;
  height?: string;
  children: ComponentChild;
}

export function Picture({ src, children, ...box }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  if (!src || src === broken) return <>{children}</>;
  return (
    <img
      {...box}
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      onError={() => setBroken(src)}
    />
  );
}
