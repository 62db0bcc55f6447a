// A link that lets somebody make an account here; it works once.
import { UserPlus } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { Invitation } from "../state/actions.ts";
import { Failure } from "../state/failure.ts";
import { listPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { copyText } from "./copy_text.ts";
import { SettingsPart } from "./SettingsPart.tsx";
import { failureWords } from "./words.ts";

export function SettingsInvite() {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const [invite, setInvite] = useState<Invitation | Failure | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isThere = invite !== null && !(invite instanceof Failure);
  // Behind the `#`: no server, no log on the way sees it.
  const link = isThere ? `${location.origin}${listPath(store.route.value.lang)}#invite=${invite.code}` : "";

  async function copy(): Promise<void> {
    // Where the page may not copy, it is selected, and the person can.
    const isCopied = await copyText(link);
    field.current!.select();
    actions.toast(isCopied ? "settings.copied" : "settings.copyYourself");
  }

  return (
    <SettingsPart icon={UserPlus} title={t("settings.invite")}>
      <p class="settings-hint">{t("settings.inviteHint")}</p>
      {isThere && (
        <div class="field">
          <div class="invite">
            <input ref={field} readOnly dir="ltr" value={link} aria-label={t("settings.inviteLink")} />
            <button type="button" class="button" onClick={copy}>{t("settings.copy")}</button>
          </div>
          <p class="settings-hint" role="status">
            {t("settings.inviteUntil", { time: i18n.exactTime(invite.expiresAt) })}
          </p>
        </div>
      )}
      {invite instanceof Failure && <p class="form-failure" role="alert">{failureWords(invite, i18n)}</p>}
      <button type="button" class="button" onClick={async () => setInvite(await actions.createInvite())}>
        {t(isThere ? "settings.inviteAnother" : "settings.inviteMake")}
      </button>
    </SettingsPart>
  );
}
