// Where a message is written: a key of the person's choice sends, and a word being composed is never cut off.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { isClosed } from "../state/names.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { isComposing } from "./is_composing.ts";
import { lazy } from "./lazy.tsx";
import { KEYBOARD, sendKeyOf } from "./send_key.ts";
import { useMedia } from "./use_media.ts";
import { useWords } from "./use_words.ts";

const CharsLeft = lazy(() => import("./CharsLeft.tsx"), "CharsLeft");
const EditingBar = lazy(() => import("./EditingBar.tsx"), "EditingBar");
const EmojiPicker = lazy(() => import("./EmojiPicker.tsx"), "EmojiPicker");
const NotifySuggestion = lazy(() => import("./NotifySuggestion.tsx"), "NotifySuggestion");

/** So many characters before the limit the count comes: some before it says anything, or it would not be read out. */
const COUNTED_CHARS = 400;
const isApple = /Mac|iP/.test(navigator.platform);

export function Composer({ conversationId }: { conversationId: string }) {
  const { store, i18n } = useApp();
  const root = useRef<HTMLDivElement>(null);
  const isOver = isClosed(store.conversations.value[conversationId]);
  useEffect(() => {
    if (isOver && document.activeElement === document.body) focusLog(root.current!, { focusVisible: false });
  }, [isOver]);
  return (
    <div class="composer" ref={root}>
      {isOver
        ? <p class="composer-closed">{i18n.t("failure.recipient_left")}</p>
        : <Form key={conversationId} conversationId={conversationId} />}
    </div>
  );
}

function Form({ conversationId }: { conversationId: string }) {
  const { store, actions, i18n } = useApp();
  const words = useWords(conversationId);
  const { field, edited, left } = words;
  const [isPicking, setPicking] = useState(false);
  const [isSuggesting, setSuggesting] = useState(false);
  const emojiButton = useRef<HTMLButtonElement>(null);
  const hasKeyboard = useMedia(KEYBOARD);
  const sendsByEnter = sendKeyOf(store.settings.value, hasKeyboard) === "enter";
  const ids = { bar: useId(), foot: useId(), picker: useId() };

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    const isBare = !shiftKey && !altKey && !ctrlKey && !metaKey;
    if (key === "Enter" && !shiftKey && !altKey && (sendsByEnter || ctrlKey || metaKey)) submit();
    else if (key === "ArrowUp" && isBare && !edited && field.current!.value === "") {
      if (!words.editLast()) return;
    } else if (key === "Escape" && isBare) {
      if (edited) words.stopEditing();
      else focusLog(field.current!);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function submit(): void {
    const isSent = words.submit() && !edited;
    if (isSent && actions.suggestNotifications?.takeSuggestion()) setSuggesting(true);
  }

  function closePicker(isDone: boolean): void {
    setPicking(false);
    if (isDone) field.current!.focus();
  }

  function closeEditing(): void {
    words.stopEditing();
    field.current!.focus();
  }

  function closeSuggestion(): void {
    setSuggesting(false);
    field.current!.focus();
  }

  return (
    <>
      {isPicking && <EmojiPicker id={ids.picker} opener={emojiButton} onPick={words.insert} onClose={closePicker} />}
      {edited
        ? <EditingBar id={ids.bar} body={edited.body} onStop={closeEditing} />
        : isSuggesting && <NotifySuggestion onDone={closeSuggestion} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="composer-box">
          <button
            type="button"
            ref={emojiButton}
            class="button-icon"
            aria-label={i18n.t("emoji.title")}
            title={i18n.t("emoji.title")}
            aria-haspopup="dialog"
            aria-expanded={isPicking}
            aria-controls={isPicking ? ids.picker : undefined}
            onPointerEnter={EmojiPicker.preload}
            onClick={() => setPicking(!isPicking)}
          >
            <Icon name="emoji" />
          </button>
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            aria-label={i18n.t("composer.label")}
            aria-describedby={edited ? `${ids.bar} ${ids.foot}` : ids.foot}
            aria-invalid={left < 0}
            placeholder={i18n.t("composer.placeholder")}
            enterkeyhint={sendsByEnter ? "send" : "enter"}
            autocomplete="off"
            onInput={words.changed}
            onBlur={words.paused}
            onKeyDown={onKeyDown}
          />
        </div>
        <button
          type="submit"
          class="button-send"
          aria-label={i18n.t(edited ? "composer.save" : "composer.send")}
          title={i18n.t(edited ? "composer.save" : "composer.send")}
          aria-disabled={!words.canSubmit}
          // The field keeps the focus, and a phone its keyboard.
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon name={edited ? "check" : "send"} />
        </button>
      </form>
      <p class="composer-foot" id={ids.foot}>
        {hasKeyboard && (
          <span class={words.text === "" ? "composer-hint composer-quiet" : "composer-hint"}>
            {sendsByEnter
              ? i18n.t(edited ? "composer.hintEdit" : "composer.hintEnter")
              : i18n.t(edited ? "composer.hintCtrlEdit" : "composer.hintCtrlEnter", { key: isApple ? "⌘" : "Ctrl" })}
          </span>
        )}
        {left < COUNTED_CHARS && <CharsLeft left={left} />}
      </p>
    </>
  );
}

/** @param options `focusVisible` false: nobody went there by a key, so it gets no outline */
function focusLog(from: Element, options?: FocusOptions & { focusVisible: boolean }): void {
  from.closest(".conversation")?.querySelector<HTMLElement>('[role="log"]')?.focus(options);
}
