// How the page looks and behaves on this device: theme, the key that sends, sound, notifications.
import { MonitorSmartphone } from "lucide";
import { useId, useState } from "preact/hooks";
import type { Key } from "../i18n/catalogue.ts";
import type { Settings } from "../state/settings.ts";
import { useApp } from "./context.ts";
import { KEYBOARD, sendKeyOf } from "./send_key.ts";
import { SettingsPart } from "./SettingsPart.tsx";
import { Switch } from "./Switch.tsx";
import { useMedia } from "./use_media.ts";

const THEMES = { system: "settings.themeSystem", light: "settings.themeLight", dark: "settings.themeDark" } as const;
const SEND_KEYS = { enter: "settings.sendEnter", ctrlEnter: "settings.sendCtrlEnter" } as const;

export function SettingsDevice() {
  const { store, actions, i18n: { t } } = useApp();
  const { theme, sound, notifications } = store.settings.value;
  const sendKey = sendKeyOf(store.settings.value, useMedia(KEYBOARD));
  const asking = actions.suggestNotifications;
  const [isRefused, setRefused] = useState(false);

  async function notify(wanted: boolean): Promise<void> {
    const isAllowed = !wanted || await asking!.ask();
    setRefused(!isAllowed);
    actions.changeSettings({ notifications: wanted && isAllowed });
  }

  return (
    <SettingsPart icon={MonitorSmartphone} title={t("settings.device")}>
      <Choice
        title={t("settings.theme")}
        choices={THEMES}
        value={theme}
        onPick={(theme: Settings["theme"]) => actions.changeSettings({ theme })}
      />
      <Choice
        title={t("settings.sendKey")}
        choices={SEND_KEYS}
        value={sendKey}
        onPick={(sendKey: keyof typeof SEND_KEYS) => actions.changeSettings({ sendKey })}
      />
      <Switch
        label={t("settings.sound")}
        hint={t("settings.soundHint")}
        isOn={sound}
        onChange={(sound) => actions.changeSettings({ sound })}
      />
      {asking && (
        <Switch
          label={t("settings.notifications")}
          hint={t(isRefused ? "settings.notificationsRefused" : "settings.notificationsHint")}
          isOn={notifications}
          onChange={notify}
        />
      )}
    </SettingsPart>
  );
}

interface ChoiceProps<Value extends string> {
  title: string;
  choices: Record<Value, Key>;
  value: Value;
  onPick(value: Value): void;
}

function Choice<Value extends string>({ title, choices, value, onPick }: ChoiceProps<Value>) {
  const { i18n } = useApp();
  const t = i18n.t as (key: Key) => string;
  const name = useId();
  return (
    <fieldset class="choices">
      <legend class="settings-label">{title}</legend>
      {(Object.entries(choices) as [Value, Key][]).map(([own, label]) => (
        <label key={own}>
          <input type="radio" name={name} value={own} checked={own === value} onChange={() => onPick(own)} />
          {t(label)}
        </label>
      ))}
    </fieldset>
  );
}
