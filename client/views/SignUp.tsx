// Make an own account; the first one is told plainly what it will be.
import { PASSWORD_MIN_CHARS, USERNAME_MIN_CHARS } from "../../protocol/limits.ts";
import type { PublicConfig } from "../../protocol/rest.ts";
import { AccountFrame } from "./AccountFrame.tsx";
import { useApp } from "./context.ts";
import { Field } from "./Field.tsx";
import { useForm } from "./use_form.ts";
import { failureWords } from "./words.ts";

interface Props {
  config: PublicConfig;
  invite: string | null;
  onSignIn: () => void;
}

export function SignUp({ config, invite, onSignIn }: Props) {
  const { actions, i18n: { t }, i18n } = useApp();
  const form = useForm(({ name = "", username = "", password = "" }) =>
    actions.signUp({ name: name.trim(), username: username.trim(), password, locale: i18n.tag, invite })
  );
  return (
    <AccountFrame title={t(config.needsOwner ? "account.ownerTitle" : "account.signUpTitle")}>
      {config.needsOwner
        ? <p class="account-lead account-owner">{t("account.owner")}</p>
        : invite !== null && <p class="account-lead">{t("account.invited")}</p>}
      <form onSubmit={form.onSubmit}>
        <Field
          name="name"
          label={t("account.name")}
          hint={t("account.nameHint")}
          autocomplete="name"
          isWrong={form.isWrong("name")}
        />
        <Field
          name="username"
          label={t("account.username")}
          hint={t("account.usernameHint", { n: USERNAME_MIN_CHARS })}
          autocomplete="username"
          isWrong={form.isWrong("username") || form.failure?.code === "username_taken"}
        />
        <Field
          name="password"
          label={t("account.password")}
          hint={t("account.passwordHint", { n: PASSWORD_MIN_CHARS })}
          type="password"
          autocomplete="new-password"
          isWrong={form.isWrong("password")}
        />
        {form.failure && <p class="form-failure" role="alert">{failureWords(form.failure, i18n)}</p>}
        <button type="submit" class="button button-main" aria-disabled={form.isBusy}>
          {t(form.isBusy ? "account.working" : "account.signUp")}
        </button>
      </form>
      {!config.needsOwner && (
        <button type="button" class="button-text" onClick={onSignIn}>{t("account.toSignIn")}</button>
      )}
    </AccountFrame>
  );
}
