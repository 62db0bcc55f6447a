// One section of the settings: its sign, its heading, what belongs there.
import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Shape } from "./Shape.tsx";

interface Props {
  icon: IconNode;
  title: string;
  children: ComponentChildren;
}

export function SettingsPart({ icon, title, children }: Props) {
  const id = useId();
  return (
    <section class="settings-part" aria-labelledby={id}>
      <h2 id={id}>
        <Shape shape={icon} />
        {title}
      </h2>
      {children}
    </section>
  );
}
