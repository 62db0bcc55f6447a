// The name of a conversation; an admin of a group can change it in its place.
import { Pencil } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { TITLE_MAX_CHARS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Shape } from "./Shape.tsx";
import { useAttempt } from "./use_attempt.ts";

interface Props {
  conversation: Conversation;
  name: string;
  canRename: boolean;
}

export function DetailsTitle({ conversation, name, canRename }: Props) {
  const { actions, i18n: { t } } = useApp();
  const attempt = useAttempt();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isOpen) field.current?.select();
  }, [isOpen]);

  function close(): void {
    setOpen(false);
    // The button comes back in the form's place.
    requestAnimationFrame(() => opener.current?.focus());
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget as HTMLFormElement).get("title")).trim();
    if (title === "" || title === name || await attempt(actions.rename(conversation.id, title))) close();
  }

  if (!isOpen || !canRename) {
    return (
      <p class="details-name">
        <strong dir="auto">{name}</strong>
        {canRename && (
          <button
            type="button"
            ref={opener}
            class="button-icon"
            aria-label={t("details.rename")}
            title={t("details.rename")}
            onClick={() => setOpen(true)}
          >
            <Shape shape={Pencil} />
          </button>
        )}
      </p>
    );
  }
  return (
    <form
      class="details-rename"
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <div class="field-box">
        <input
          name="title"
          dir="auto"
          aria-label={t("details.title")}
          autocomplete="off"
          maxLength={TITLE_MAX_CHARS}
          defaultValue={name}
          ref={field}
        />
      </div>
      <button type="submit" class="button button-main">{t("details.save")}</button>
      <button type="button" class="button-text" onClick={close}>{t("new.cancel")}</button>
    </form>
  );
}
