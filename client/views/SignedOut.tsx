// Nobody is signed in: to the site's own page where it keeps the accounts; else sign in, or sign up where one may.
import { useState } from "preact/hooks";
import type { PublicConfig } from "../../protocol/rest.ts";
import { useApp } from "./context.ts";
import { HostSignedOut } from "./HostSignedOut.tsx";
import { SignIn } from "./SignIn.tsx";
import { SignUp } from "./SignUp.tsx";

export function SignedOut({ config, isLinkSpent }: { config: PublicConfig; isLinkSpent: boolean }) {
  const { store } = useApp();
  const invite = store.invite.value;
  const [chosen, setChosen] = useState<"in" | "up" | null>(null);
  if (config.mode === "host") return <HostSignedOut config={config} />;
  const canSignUp = config.needsOwner || config.signup === "open" || invite !== null && config.signup !== "closed";
  const form = chosen ?? (config.needsOwner || invite !== null ? "up" : "in");
  if (form === "up" && canSignUp) return <SignUp config={config} invite={invite} onSignIn={() => setChosen("in")} />;
  return <SignIn config={config} isLinkSpent={isLinkSpent} onSignUp={canSignUp ? () => setChosen("up") : null} />;
}
