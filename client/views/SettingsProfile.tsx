// Who I am to others, and the language I read.
import { CircleUser } from "lucide";
import type { Me } from "../../protocol/models.ts";
import { NAME_MAX_CHARS } from "../../protocol/limits.ts";
import { LANGUAGES } from "../i18n/languages.ts";
import { routePath } from "../state/route_path.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Field } from "./Field.tsx";
import { SettingsPart } from "./SettingsPart.tsx";
import { useForm } from "./use_form.ts";
import { failureWords } from "./words.ts";

export function SettingsProfile({ me, isOwn }: { me: Me; isOwn: boolean }) {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const form = useForm(async ({ name = "" }) => {
    const failure = await actions.updateProfile({ name: name.trim() });
    if (!failure) actions.toast("settings.saved");
    return failure;
  });

  function speak(lang: string): void {
    // No step in the history: "back" leads out of the settings, not through the languages.
    actions.go(routePath({ ...store.route.value, lang }), { replace: true });
    if (isOwn) void actions.updateProfile({ locale: lang });
  }

  return (
    <SettingsPart icon={CircleUser} title={t("settings.profile")}>
      <div class="settings-person">
        <Avatar id={me.id} name={me.name} picture={me.picture} />
        <p>
          <strong dir="auto">{me.name}</strong>
          {me.username === null
            ? <span class="settings-hint">{t("settings.hostProfile")}</span>
            : <bdi class="settings-hint" dir="ltr">@{me.username}</bdi>}
        </p>
      </div>
      {isOwn && (
        <form onSubmit={form.onSubmit}>
          <Field
            name="name"
            label={t("account.name")}
            hint={t("account.nameHint")}
            autocomplete="name"
            value={me.name}
            maxLength={NAME_MAX_CHARS}
            isWrong={form.isWrong("name")}
          />
          {form.failure && <p class="form-failure" role="alert">{failureWords(form.failure, i18n)}</p>}
          <button type="submit" class="button" aria-disabled={form.isBusy}>{t("settings.saveName")}</button>
        </form>
      )}
      <div class="field">
        <label for="settings-language">{t("menu.language")}</label>
        <div class="field-box">
          <select
            id="settings-language"
            value={i18n.tag}
            onChange={(event) => speak(event.currentTarget.value)}
          >
            {LANGUAGES.map(({ tag, name }) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
          </select>
        </div>
      </div>
    </SettingsPart>
  );
}
