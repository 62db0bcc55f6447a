// The field above the list: what is typed narrows the list at once; ↓ goes into what was found, Enter opens the first.
import type { RefObject } from "preact";
import { SEARCH_MAX_CHARS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  field: RefObject<HTMLInputElement | null>;
  words: string;
  onWords(words: string): void;
  onEnter(): void;
}

export function ListSearch({ field, words, onWords, onEnter }: Props) {
  const { i18n } = useApp();
  return (
    <form
      class="list-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onEnter();
      }}
    >
      <div class="search">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          dir="auto"
          value={words}
          maxLength={SEARCH_MAX_CHARS}
          autocomplete="off"
          enterkeyhint="search"
          aria-label={i18n.t("find.label")}
          aria-keyshortcuts="Control+K Meta+K"
          placeholder={i18n.t("find.short")}
          data-item
          onInput={(event) => onWords(event.currentTarget.value)}
        />
        {words !== "" && (
          <button
            type="button"
            class="button-icon"
            aria-label={i18n.t("find.clear")}
            onClick={() => {
              onWords("");
              field.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
    </form>
  );
}
