// After somebody's first message: offers to tell them when the answer comes. Asked once, and easy to let pass.
import { Bell } from "lucide";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Shape } from "./Shape.tsx";

export function NotifySuggestion({ onDone }: { onDone: () => void }) {
  const { actions, i18n } = useApp();

  async function ask(): Promise<void> {
    const notifications = await actions.suggestNotifications?.ask() ?? false;
    actions.changeSettings({ notifications });
    onDone();
  }

  return (
    <div class="composer-note">
      <Shape shape={Bell} />
      <p>{i18n.t("composer.suggest")}</p>
      <button type="button" class="button-text" onClick={ask}>{i18n.t("composer.suggestYes")}</button>
      <button
        type="button"
        class="button-icon"
        aria-label={i18n.t("composer.suggestNo")}
        title={i18n.t("composer.suggestNo")}
        onClick={onDone}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
