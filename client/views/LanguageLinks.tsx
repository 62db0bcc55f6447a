// The same page in the other languages, each named in itself.
import { LANGUAGES } from "../i18n/languages.ts";
import { routePath } from "../state/route_path.ts";
import { useApp } from "./context.ts";
import { Link } from "./Link.tsx";

export function LanguageLinks() {
  const { store, i18n } = useApp();
  const route = store.route.value;
  return (
    <nav class="languages" aria-label={i18n.t("menu.language")}>
      {LANGUAGES.map(({ tag, name }) => (
        <Link
          key={tag}
          href={routePath({ ...route, lang: tag })}
          lang={tag}
          hreflang={tag}
          aria-current={tag === i18n.tag ? "true" : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
