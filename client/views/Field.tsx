// One labelled input with its hint, which turns into the mistake when there is one.
import { useId, useState } from "preact/hooks";
import { useApp } from "./context.ts";

interface Props {
  name: string;
  label: string;
  hint?: string;
  type?: "text" | "password";
  autocomplete: string;
  /** What it begins with. */
  value?: string;
  maxLength?: number;
  isWrong?: boolean;
  autofocus?: boolean;
}

/** Uncontrolled: the form reads it by name when it is sent. */
export function Field(props: Props) {
  const { name, label, hint, type = "text", autocomplete, value, maxLength, isWrong = false, autofocus = false } =
    props;
  const { i18n } = useApp();
  const [isShown, setShown] = useState(false);
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input
          id={id}
          name={name}
          {...isShown || type === "text" ? { type: "text" } : { type: "password" }}
          autocomplete={autocomplete}
          defaultValue={value}
          maxLength={maxLength}
          autofocus={autofocus}
          required
          dir="auto"
          aria-invalid={isWrong}
          aria-describedby={hint ? `${id}-hint` : undefined}
          autocapitalize={name === "name" ? "words" : "none"}
          spellcheck={false}
        />
        {type === "password" && (
          <button
            type="button"
            class="field-eye"
            aria-controls={id}
            onClick={() => setShown(!isShown)}
          >
            {i18n.t(isShown ? "account.hidePassword" : "account.showPassword")}
          </button>
        )}
      </div>
      {hint && <p class={`field-hint ${isWrong ? "field-wrong" : ""}`} id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
