// A new password; it ends the sessions on all other devices.
import { KeyRound } from "lucide";
import { useState } from "preact/hooks";
import { PASSWORD_MIN_CHARS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Field } from "./Field.tsx";
import { SettingsPart } from "./SettingsPart.tsx";
import { useForm } from "./use_form.ts";
import { failureWords } from "./words.ts";

export function SettingsPassword() {
  const { i18n: { t } } = useApp();
  // A form that has done its work is replaced by an empty one.
  const [times, setTimes] = useState(0);
  return (
    <SettingsPart icon={KeyRound} title={t("account.password")}>
      <PasswordForm key={times} onDone={() => setTimes(times + 1)} />
    </SettingsPart>
  );
}

function PasswordForm({ onDone }: { onDone(): void }) {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const account = store.account.value;
  const form = useForm(async ({ current = "", next = "" }) => {
    const failure = await actions.changePassword(current, next);
    if (failure) return failure;
    actions.toast("settings.passwordChanged");
    onDone();
    return null;
  });
  const isCurrentWrong = form.failure?.code === "invalid_credentials";
  return (
    <form onSubmit={form.onSubmit}>
      {/* So that the browser's keeper of passwords knows whose this is. */}
      <input
        type="text"
        name="username"
        autocomplete="username"
        value={account.status === "in" ? account.me.username ?? "" : ""}
        hidden
        readOnly
      />
      <Field
        name="current"
        label={t("settings.currentPassword")}
        type="password"
        autocomplete="current-password"
        isWrong={isCurrentWrong}
      />
      <Field
        name="next"
        label={t("settings.newPassword")}
        hint={t("account.passwordHint", { n: PASSWORD_MIN_CHARS })}
        type="password"
        autocomplete="new-password"
        isWrong={form.isWrong("next")}
      />
      <p class="settings-hint">{t("settings.passwordEnds")}</p>
      {form.failure && (
        <p class="form-failure" role="alert">
          {isCurrentWrong ? t("settings.currentWrong") : failureWords(form.failure, i18n)}
        </p>
      )}
      <button type="submit" class="button" aria-disabled={form.isBusy}>
        {t(form.isBusy ? "account.working" : "settings.changePassword")}
      </button>
    </form>
  );
}
