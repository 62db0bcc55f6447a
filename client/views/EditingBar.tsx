// Above the composer: which message is being changed, and the way out of it.
import { Pencil } from "lucide";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Shape } from "./Shape.tsx";

export function EditingBar({ id, body, onStop }: { id: string; body: string; onStop: () => void }) {
  const { i18n } = useApp();
  return (
    <div class="composer-note">
      <Shape shape={Pencil} />
      <p>
        <strong id={id}>{i18n.t("composer.editing")}</strong>
        <span dir="auto">{body}</span>
      </p>
      <button
        type="button"
        class="button-icon"
        aria-label={i18n.t("composer.stopEditing")}
        title={i18n.t("composer.stopEditing")}
        onClick={onStop}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
