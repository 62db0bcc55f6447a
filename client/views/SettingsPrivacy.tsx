// Whether others see when I am here.
import { Eye } from "lucide";
import type { Me } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { SettingsPart } from "./SettingsPart.tsx";
import { Switch } from "./Switch.tsx";
import { useAttempt } from "./use_attempt.ts";

export function SettingsPrivacy({ me }: { me: Me }) {
  const { actions, i18n: { t } } = useApp();
  const attempt = useAttempt();
  return (
    <SettingsPart icon={Eye} title={t("settings.privacy")}>
      <Switch
        label={t("settings.presence")}
        hint={t("settings.presenceHint")}
        isOn={!me.hidesPresence}
        onChange={async (isShown) => void await attempt(actions.setHidesPresence(!isShown))}
      />
    </SettingsPart>
  );
}
