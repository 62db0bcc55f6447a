// The quiet page around signing in and up: the tree, the name, one card.
import type { ComponentChildren } from "preact";
import { useApp } from "./context.ts";
import { LanguageLinks } from "./LanguageLinks.tsx";
import { Tree } from "./Tree.tsx";

export function AccountFrame({ title, children }: { title: string; children: ComponentChildren }) {
  const { i18n } = useApp();
  return (
    <main class="account">
      <div class="account-brand">
        <Tree />
        <p class="account-name">{i18n.t("app.name")}</p>
        <p class="account-tagline">{i18n.t("app.tagline")}</p>
      </div>
      <section class="account-card" aria-labelledby="account-title">
        <h1 id="account-title">{title}</h1>
        {children}
      </section>
      <LanguageLinks />
    </main>
  );
}
