// Sign in with the user name and password of an own account.
import type { PublicConfig } from "../../protocol/rest.ts";
import { AccountFrame } from "./AccountFrame.tsx";
import { useApp } from "./context.ts";
import { Field } from "./Field.tsx";
import { useForm } from "./use_form.ts";
import { failureWords } from "./words.ts";

interface Props {
  config: PublicConfig;
  isLinkSpent: boolean;
  /** Null: signing up is not open to this person. */
  onSignUp: (() => void) | null;
}

export function SignIn({ config, isLinkSpent, onSignUp }: Props) {
  const { actions, i18n: { t }, i18n } = useApp();
  const form = useForm(({ username = "", password = "" }) => actions.signIn({ username: username.trim(), password }));
  // Which of the two is wrong is not said: it would tell strangers who has an account.
  const isRefused = form.failure?.code === "invalid_credentials";
  return (
    <AccountFrame title={t("account.signInTitle")}>
      {isLinkSpent && <p class="account-lead" role="status">{t("account.linkSpent")}</p>}
      <form onSubmit={form.onSubmit}>
        <Field name="username" label={t("account.username")} autocomplete="username" isWrong={isRefused} />
        <Field
          name="password"
          label={t("account.password")}
          type="password"
          autocomplete="current-password"
          isWrong={isRefused}
        />
        {form.failure && <p class="form-failure" role="alert">{failureWords(form.failure, i18n)}</p>}
        <button type="submit" class="button button-main" aria-disabled={form.isBusy}>
          {t(form.isBusy ? "account.working" : "account.signIn")}
        </button>
      </form>
      {onSignUp
        ? <button type="button" class="button-text" onClick={onSignUp}>{t("account.toSignUp")}</button>
        : <p class="account-aside">{t(config.signup === "invite" ? "account.inviteOnly" : "account.closed")}</p>}
    </AccountFrame>
  );
}
