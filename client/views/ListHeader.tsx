// Above the list: what this is, a new conversation, the menu.
import type { Me } from "../../protocol/models.ts";
import { newPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import { Menu } from "./Menu.tsx";

export function ListHeader({ me }: { me: Me }) {
  const { store, i18n } = useApp();
  return (
    <header class="bar list-header">
      <h1 id="list-title">{i18n.t("nav.messages")}</h1>
      <Link
        class="button-icon button-new"
        href={newPath(store.route.value.lang)}
        aria-label={i18n.t("nav.new")}
        title={i18n.t("nav.new")}
      >
        <Icon name="write" />
      </Link>
      <Menu me={me} />
    </header>
  );
}
