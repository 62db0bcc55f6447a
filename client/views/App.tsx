// The whole page: what is shown follows from who is here.
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { HostSignedOut } from "./HostSignedOut.tsx";
import { Messages } from "./Messages.tsx";
import { SignedOut } from "./SignedOut.tsx";
import { Tree } from "./Tree.tsx";

export function App() {
  const { store, actions, i18n } = useApp();
  const account = store.account.value;
  switch (account.status) {
    case "starting":
      return (
        <main class="boot" aria-busy="true">
          <Tree class="boot-tree" />
          <p role="status">{i18n.t("app.starting")}</p>
        </main>
      );
    case "failed":
      return (
        <main class="boot">
          <Tree class="boot-tree" />
          <FailureNote failure={account.failure} onRetry={actions.start} />
        </main>
      );
    case "out":
      return account.config.mode === "host" ? <HostSignedOut config={account.config} /> : <SignedOut {...account} />;
    case "in":
      return <Messages me={account.me} />;
  }
}
