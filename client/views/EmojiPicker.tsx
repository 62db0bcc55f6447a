// A small picker of emoji, by the system's own font: found by a word, moved through with the arrow keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { EMOJI, type Emoji, findEmoji, keepRecent, loadRecent } from "../state/emoji.ts";
import type { Key } from "../i18n/catalogue.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { isComposing } from "./is_composing.ts";

interface Props {
  id: string;
  /** What opens it closes it too: a press there is not one outside. */
  opener: { readonly current: Element | null };
  onPick: (emoji: string) => void;
  /** `isDone`: left by the keyboard, which goes on where one writes. */
  onClose: (isDone: boolean) => void;
}

interface Group {
  label: string;
  emoji: Emoji[];
}

export function EmojiPicker({ id, opener, onPick, onClose }: Props) {
  const { i18n } = useApp();
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  // As it was when the picker opened: nothing moves away under the pointer.
  const [recent] = useState(loadRecent);
  /** The one that Tab leads to. */
  const [current, setCurrent] = useState(0);
  const groups = words.trim() === "" ? allGroups() : [{ label: i18n.t("emoji.title"), emoji: findEmoji(words) }];
  const count = groups.reduce((sum, { emoji }) => sum + emoji.length, 0);

  function allGroups(): Group[] {
    const rest = EMOJI.map(({ group, emoji }) => ({ label: i18n.t(`emoji.${group}` satisfies Key), emoji }));
    return recent.length === 0 ? rest : [{ label: i18n.t("emoji.recent"), emoji: recent }, ...rest];
  }

  useEffect(() => {
    // On a touch screen a keyboard that jumps up would take the room from what was asked for.
    (matchMedia("(pointer: fine)").matches ? search : root).current!.focus({ preventScroll: true });
    const onPress = (event: Event) => {
      const target = event.target as Node;
      if (!root.current?.contains(target) && !opener.current?.contains(target)) onClose(false);
    };
    addEventListener("pointerdown", onPress, true);
    return () => removeEventListener("pointerdown", onPress, true);
  }, []);

  function pick(emoji: string): void {
    keepRecent(emoji);
    onPick(emoji);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const { key, target } = event;
    const isSearch = target === search.current;
    const options = [...root.current!.querySelectorAll<HTMLElement>('[role="option"]')];
    if (key === "Escape") onClose(true);
    else if (isSearch && key === "Enter") options[0]?.click();
    else if (isSearch && key === "ArrowDown") options[0]?.focus();
    else if (isSearch) return;
    else {
      const next = neighbour(options, options.indexOf(target as HTMLElement), key);
      if (next) next.focus();
      else if (key === "ArrowUp") search.current!.focus();
      else if (key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey) return search.current!.focus();
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  let at = 0;
  return (
    <div
      class="emoji"
      ref={root}
      id={id}
      role="dialog"
      aria-label={i18n.t("emoji.title")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div class="search">
        <Icon name="search" />
        <input
          ref={search}
          type="search"
          dir="auto"
          aria-label={i18n.t("emoji.search")}
          placeholder={i18n.t("emoji.search")}
          autocomplete="off"
          enterkeyhint="done"
          onInput={(event) => {
            setWords(event.currentTarget.value);
            setCurrent(0);
          }}
        />
      </div>
      <p class="unseen" role="status">{words.trim() !== "" && count > 0 && i18n.t("find.count", { n: count })}</p>
      {count === 0
        ? <p class="emoji-none" role="status">{i18n.t("find.nothing", { words: words.trim() })}</p>
        : (
          <div class="emoji-list" role="listbox" aria-label={i18n.t("emoji.title")}>
            {groups.map(({ label, emoji }) => (
              <div key={label} role="group" aria-label={label}>
                <p aria-hidden="true">{label}</p>
                <div class="emoji-grid" role="presentation">
                  {emoji.map(({ emoji }) => {
                    const mine = at++;
                    return (
                      <button
                        key={emoji}
                        type="button"
                        role="option"
                        aria-selected={false}
                        tabIndex={mine === current ? 0 : -1}
                        onFocus={() => setCurrent(mine)}
                        onClick={() => pick(emoji)}
                      >
                        {emoji}
                      </button>
                    );
                  })}
                </div>
              </div>
            ))}
          </div>
        )}
    </div>
  );
}

/** Where a key leads: along the row in reading order, or to what stands nearest in the next row, across groups. */
function neighbour(options: HTMLElement[], from: number, key: string): HTMLElement | undefined {
  const here = options[from];
  if (!here) return;
  const forth = getComputedStyle(here).direction === "rtl" ? -1 : 1;
  switch (key) {
    case "ArrowRight":
      return options[from + forth];
    case "ArrowLeft":
      return options[from - forth];
    case "Home":
      return options[0];
    case "End":
      return options.at(-1);
    case "ArrowDown":
    case "ArrowUp": {
      const isDown = key === "ArrowDown";
      const ahead = isDown ? options.slice(from + 1) : options.slice(0, from).reverse();
      const row = ahead.find((other) => other.offsetTop !== here.offsetTop)?.offsetTop;
      const away = (other: HTMLElement) => Math.abs(other.offsetLeft - here.offsetLeft);
      return ahead.filter((other) => other.offsetTop === row).sort((a, b) => away(a) - away(b))[0];
    }
  }
}
