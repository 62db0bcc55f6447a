// Something that is on or off, and works at once.
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: string;
  isOn: boolean;
  /** What is shown follows `isOn`: a change that is refused springs back when the promise ends. */
  onChange(isOn: boolean): void | Promise<void>;
}

export function Switch({ label, hint, isOn, onChange }: Props) {
  const id = useId();

  async function changed({ currentTarget: input }: { currentTarget: HTMLInputElement }): Promise<void> {
    await onChange(input.checked);
    // Redrawing alone would leave a box that the person has pressed as it is.
    input.checked = input.dataset.on === "true";
  }

  return (
    <label class="switch">
      <span>{label}</span>
      {hint && <span class="settings-hint" id={id} role="status">{hint}</span>}
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        data-on={isOn}
        aria-label={label}
        aria-describedby={hint ? id : undefined}
        onChange={changed}
      />
    </label>
  );
}
