// Where I am signed in, and the end of it, one by one or all but this.
import { MonitorSmartphone, Shield } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../../protocol/rest.ts";
import type { Outcome } from "../state/actions.ts";
import { deviceOf } from "../state/device.ts";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { Shape } from "./Shape.tsx";
import { SettingsPart } from "./SettingsPart.tsx";
import { useAttempt } from "./use_attempt.ts";

export function SettingsSessions() {
  const { actions, i18n: { t } } = useApp();
  const [sessions, setSessions] = useState<Session[] | Failure | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const attempt = useAttempt();
  const load = async () => setSessions(await actions.loadSessions());
  useEffect(() => void load(), []);

  async function end(work: Outcome): Promise<void> {
    if (!await attempt(work)) return;
    await load();
    // The pressed button went with what it ended.
    box.current?.focus({ preventScroll: true });
  }

  const list = Array.isArray(sessions) ? [...sessions].sort((a, b) => Number(b.current) - Number(a.current)) : [];
  return (
    <SettingsPart icon={Shield} title={t("settings.sessions")}>
      <div ref={box} tabIndex={-1} aria-busy={sessions === null}>
        {sessions === null && <p role="status" class="settings-hint">{t("settings.loading")}</p>}
        {sessions instanceof Failure && <FailureNote failure={sessions} onRetry={load} />}
        {Array.isArray(sessions) && (
          <ul>
            {list.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                onEnd={() => end(actions.endSession(session.id))}
              />
            ))}
          </ul>
        )}
      </div>
      {list.length > 1 && (
        <button type="button" class="button" onClick={() => end(actions.endOtherSessions())}>
          {t("settings.endOthers")}
        </button>
      )}
    </SettingsPart>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd(): void }) {
  const { store, i18n: { t }, i18n } = useApp();
  const { browser, system } = deviceOf(session.userAgent ?? "");
  const name = [browser, system].filter((part) => part !== "").join(" · ") || t("settings.unknownDevice");
  const when = i18n.relative(session.lastSeenAt, store.now.value);
  return (
    <li class="session">
      <Shape shape={MonitorSmartphone} />
      <div>
        <p>
          <span class="session-name">{name}</span>
          {session.current && <span class="session-here">{t("settings.thisDevice")}</span>}
        </p>
        <p class="settings-hint" title={i18n.exactTime(session.lastSeenAt)}>
          {session.current ? t("settings.activeNow") : t("settings.lastActive", { when })}
          {session.address !== null && ` · ${session.address}`}
        </p>
      </div>
      {!session.current && (
        <button
          type="button"
          class="button-text"
          aria-label={t("settings.endNamed", { name })}
          onClick={onEnd}
        >
          {t("settings.end")}
        </button>
      )}
    </li>
  );
}
