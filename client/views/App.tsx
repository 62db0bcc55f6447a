// The whole page: what is shown follows from who is here.
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { lazy } from "./lazy.tsx";
import { Messages } from "./Messages.tsx";
import { Tree } from "./Tree.tsx";

const Outside = lazy(() => import("./Outside.ts"), "Outside", { isQuiet: true });
const SignedOut = lazy(() => import("./SignedOut.tsx"), "SignedOut");
const Toasts = lazy(() => import("./Toasts.tsx"), "Toasts", { isQuiet: true });

export function App() {
  return (
    <>
      <Screen />
      <Toasts />
      <Outside />
    </>
  );
}

function Screen() {
  const { store, actions, i18n } = useApp();
  const account = store.account.value;
  switch (account.status) {
    case "starting":
      return (
        <main class="boot" aria-busy="true">
          <Tree />
          <p role="status">{i18n.t("app.starting")}</p>
        </main>
      );
    case "failed":
      return (
        <main class="boot">
          <Tree />
          <FailureNote failure={account.failure} onRetry={actions.start} />
        </main>
      );
    case "out":
      return <SignedOut config={account.config} isLinkSpent={account.isLinkSpent} />;
    case "in":
      return <Messages me={account.me} />;
  }
}
