// Signed out where the host site keeps the accounts: the way to its own sign-in page.
import type { PublicConfig } from "../../protocol/rest.ts";
import { AccountFrame } from "./AccountFrame.tsx";
import { useApp } from "./context.ts";

export function HostSignedOut({ config }: { config: PublicConfig }) {
  const { i18n } = useApp();
  return (
    <AccountFrame title={i18n.t("account.hostTitle")}>
      <p class="account-lead">{i18n.t("account.host")}</p>
      {config.signInUrl !== null && <a class="button button-main" href={config.signInUrl}>{i18n.t("account.signIn")}
      </a>}
    </AccountFrame>
  );
}
