// All that a person can set: about themselves, about this device, about their account.
import { Info } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { SettingsDevice } from "./SettingsDevice.tsx";
import { SettingsInvite } from "./SettingsInvite.tsx";
import { SettingsPart } from "./SettingsPart.tsx";
import { SettingsPassword } from "./SettingsPassword.tsx";
import { SettingsPrivacy } from "./SettingsPrivacy.tsx";
import { SettingsProfile } from "./SettingsProfile.tsx";
import { SettingsSessions } from "./SettingsSessions.tsx";
import { Shortcuts } from "./Shortcuts.tsx";

export function Settings() {
  const { store, actions, i18n: { t } } = useApp();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const account = store.account.value;
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  if (account.status !== "in") return null;
  const { config, me } = account;
  // In host mode name, password, sessions and invitations are the site's.
  const isOwn = config.mode === "accounts";
  return (
    <section class="settings" aria-labelledby="settings-title">
      <header class="bar">
        <button
          type="button"
          class="button-icon back back-always"
          aria-label={t("nav.back")}
          onClick={actions.backToList}
        >
          <Icon name="back" />
        </button>
        <h1 id="settings-title" ref={heading} tabIndex={-1}>{t("nav.settings")}</h1>
      </header>
      <div class="settings-body">
        <SettingsProfile me={me} isOwn={isOwn} />
        <SettingsDevice />
        <SettingsPrivacy me={me} />
        {isOwn && <SettingsPassword />}
        {isOwn && <SettingsSessions />}
        {isOwn && me.role !== "member" && config.signup !== "closed" && <SettingsInvite />}
        <SettingsPart icon={Info} title={t("settings.about")}>
          <button type="button" class="button" onClick={() => setHelpOpen(true)}>{t("nav.shortcuts")}</button>
          {isOwn && (
            <button
              type="button"
              class="button"
              onClick={async () => {
                const failure = await actions.signOut();
                if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
              }}
            >
              {t("account.signOut")}
            </button>
          )}
          <p class="settings-hint">{t("app.name")} {config.version}</p>
        </SettingsPart>
      </div>
      {isHelpOpen && <Shortcuts onClose={() => setHelpOpen(false)} />}
    </section>
  );
}
