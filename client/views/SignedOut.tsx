// Signed out where Chautari keeps the accounts: sign in, or sign up where that is open to this person.
import { useState } from "preact/hooks";
import type { PublicConfig } from "../../protocol/rest.ts";
import { useApp } from "./context.ts";
import { SignIn } from "./SignIn.tsx";
import { SignUp } from "./SignUp.tsx";

export function SignedOut({ config, isLinkSpent }: { config: PublicConfig; isLinkSpent: boolean }) {
  const { store } = useApp();
  const invite = store.invite.value;
  const canSignUp = config.needsOwner || config.signup === "open" || invite !== null && config.signup !== "closed";
  const [chosen, setChosen] = useState<"in" | "up" | null>(null);
  const form = chosen ?? (config.needsOwner || invite !== null ? "up" : "in");
  if (form === "up" && canSignUp) return <SignUp config={config} invite={invite} onSignIn={() => setChosen("in")} />;
  return <SignIn config={config} isLinkSpent={isLinkSpent} onSignUp={canSignUp ? () => setChosen("up") : null} />;
}
