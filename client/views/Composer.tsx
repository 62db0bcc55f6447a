// Where a message is written: Enter sends, Shift+Enter begins a line, and a word being composed is never cut off.
import { useEffect, useRef, useState } from "preact/hooks";
import { charCount } from "../../protocol/chars.ts";
import { MESSAGE_MAX_CHARS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";

/** From so many characters before the limit on, the count is shown. */
const COUNT_SHOWN_CHARS = 200;
/** What browsers report for a key that an input method has taken (UI Events, §5.3.2 "keyCode"). */
const KEY_CODE_COMPOSING = 229;

export function Composer({ conversationId }: { conversationId: string }) {
  const { store, actions, i18n } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  // Uncontrolled: writing back into a field while an input method composes in it breaks the composition.
  const [text, setText] = useState(store.drafts.peek()[conversationId] ?? "");
  const left = MESSAGE_MAX_CHARS - charCount(text.trim());
  const canSend = text.trim() !== "" && left >= 0;

  useEffect(() => {
    field.current!.value = text;
    fit(field.current!);
  }, []);

  function changed(value: string): void {
    setText(value);
    actions.saveDraft(conversationId, value);
    fit(field.current!);
  }

  function send(): void {
    // The field's own value: state may be a keystroke behind.
    const body = field.current!.value.trim();
    if (body === "" || charCount(body) > MESSAGE_MAX_CHARS) return;
    actions.send(conversationId, body);
    field.current!.value = "";
    changed("");
    field.current!.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    // Safari ends the composition before the Enter that confirmed it; only the key code still tells.
    if (event.isComposing || event.keyCode === KEY_CODE_COMPOSING) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label={i18n.t("composer.label")}
        placeholder={i18n.t("composer.placeholder")}
        enterkeyhint="send"
        autocomplete="off"
        aria-invalid={left < 0}
        onInput={(event) => changed(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="button-send" aria-label={i18n.t("composer.send")} aria-disabled={!canSend}>
        <Icon name="send" />
      </button>
      <p class={`composer-count ${left < 0 ? "composer-over" : ""}`} role="status">
        {left < 0
          ? i18n.t("composer.over", { n: -left })
          : left <= COUNT_SHOWN_CHARS && i18n.t("composer.left", { n: left })}
      </p>
    </form>
  );
}

/** As high as its text; the style sheet stops it at six lines. */
function fit(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
