// Says calmly that the server is out of reach; says nothing while all is well.
import { useApp } from "./context.ts";

export function ConnectionBar() {
  const { store, i18n } = useApp();
  const isOnline = store.isOnline.value;
  const isOpen = store.connection.value === "open";
  return (
    <div class="connection" role="status">
      {!isOnline && <p class="connection-offline">{i18n.t("connection.offline")}</p>}
      {/* Shown after two seconds only (client/styles/page.css): most reconnects are over before. */}
      {isOnline && !isOpen && <p class="connection-slow">{i18n.t("connection.connecting")}</p>}
    </div>
  );
}
