// The keys there are, by where they work.
import { Fragment } from "preact";
import type { Key } from "../i18n/catalogue.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./Dialog.tsx";

type Line = [keys: string[], what: Key];

export function Shortcuts({ onClose }: { onClose(): void }) {
  const { store, i18n } = useApp();
  const t = i18n.t as (key: Key) => string;
  const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  const sendsByEnter = store.settings.value.sendKey === "enter";
  const groups: [Key, Line[]][] = [
    ["shortcuts.everywhere", [
      [[command, "K"], "shortcuts.search"],
      [["?"], "shortcuts.help"],
      [["Esc"], "shortcuts.leave"],
    ]],
    ["list.label", [
      [["↑ ↓"], "shortcuts.move"],
      [["Enter"], "shortcuts.open"],
      [["Shift", "F10"], "shortcuts.options"],
    ]],
    ["composer.label", [
      [sendsByEnter ? ["Enter"] : [command, "Enter"], "shortcuts.send"],
      [[sendsByEnter ? "Shift" : "", "Enter"].filter(Boolean), "shortcuts.newLine"],
      [["↑"], "shortcuts.editLast"],
    ]],
  ];
  return (
    <Dialog title={t("nav.shortcuts")} onClose={onClose}>
      {groups.map(([heading, lines]) => (
        <section key={heading}>
          <h3 class="settings-label">{t(heading)}</h3>
          <dl class="keys">
            {lines.map(([keys, what]) => (
              <Fragment key={what}>
                <dt dir="ltr">
                  {keys.map((key, at) => (
                    <Fragment key={key}>
                      {at > 0 && " + "}
                      <kbd>{key}</kbd>
                    </Fragment>
                  ))}
                </dt>
                <dd>{t(what)}</dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
