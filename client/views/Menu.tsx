// Who is signed in, the language, the way out: a disclosure that Escape or a press elsewhere closes.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Me } from "../../protocol/models.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { LanguageLinks } from "./LanguageLinks.tsx";
import { failureWords } from "./words.ts";
import type { Failure } from "../state/failure.ts";

export function Menu({ me }: { me: Me }) {
  const { store, actions, i18n } = useApp();
  const [isOpen, setOpen] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const account = store.account.value;
  const isOwnAccount = account.status === "in" && account.config.mode === "accounts";

  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener("pointerdown", onPress);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("pointerdown", onPress);
      removeEventListener("keydown", onKey);
    };
  }, [isOpen]);

  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        ref={button}
        class="button-icon"
        aria-label={i18n.t("nav.menu")}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" />
      </button>
      <div class="menu-panel" id={id} hidden={!isOpen}>
        <div class="menu-person">
          <Avatar id={me.id} name={me.name} picture={me.picture} />
          <p>
            <span class="menu-as">{i18n.t("account.signedInAs")}</span>
            <strong dir="auto">{me.name}</strong>
            {me.username !== null && <span class="menu-username">@{me.username}</span>}
          </p>
        </div>
        <LanguageLinks />
        {isOwnAccount && (
          <button
            type="button"
            class="menu-item"
            onClick={async () => setFailure(await actions.signOut())}
          >
            <Icon name="out" />
            {i18n.t("account.signOut")}
          </button>
        )}
        {failure && <p class="form-failure" role="alert">{failureWords(failure, i18n)}</p>}
      </div>
    </div>
  );
}
