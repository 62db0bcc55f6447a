// What a person can do with a conversation for themselves: mute it, archive it, leave it.
import { Archive, ArchiveRestore, Bell, BellOff } from "lucide";
import { useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { MUTE_ALWAYS } from "../../protocol/limits.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Shape } from "./Shape.tsx";
import { LeaveDialog } from "./LeaveDialog.tsx";
import { MenuList } from "./MenuList.tsx";
import { isMuted } from "./mute.ts";
import { MUTE_CHOICES, mutedUntil } from "./mute_choices.ts";
import { useAttempt } from "./use_attempt.ts";

/** Muted for longer than this, the day is said too. */
const DAY_MS = 24 * 3_600_000;

export function DetailsActions({ conversation, meId }: { conversation: Conversation; meId: string }) {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const attempt = useAttempt();
  const [muting, setMuting] = useState<Element | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const { id, my: { archived, mutedUntil: until } } = conversation;
  const nowMs = store.now.value;
  const isQuiet = isMuted(conversation, nowMs);
  const shown = until !== null && Date.parse(until) < nowMs + DAY_MS ? i18n.time : i18n.exactTime;
  const quiet = until === null || until === MUTE_ALWAYS ? t("list.muted") : t("mute.until", { time: shown(until) });

  return (
    <div class="details-actions">
      <button
        type="button"
        class="details-action"
        aria-haspopup={isQuiet ? undefined : "menu"}
        aria-expanded={isQuiet ? undefined : muting !== null}
        onClick={(event) => {
          if (isQuiet) void attempt(actions.setMuted(id, null));
          else setMuting(muting ? null : event.currentTarget);
        }}
      >
        <Shape shape={isQuiet ? Bell : BellOff} />
        <span>
          {t(isQuiet ? "mute.off" : "mute.title")}
          <span class="details-soft">{isQuiet ? quiet : t("mute.hint")}</span>
        </span>
      </button>
      {muting && (
        <MenuList
          label={t("mute.title")}
          at={muting}
          items={MUTE_CHOICES.map(({ label, ms }) => ({
            label: t(label),
            onPick: () => void attempt(actions.setMuted(id, mutedUntil(ms, Date.now()))),
          }))}
          onClose={() => setMuting(null)}
        />
      )}
      <button
        type="button"
        class="details-action"
        onClick={() => void attempt(actions.setArchived(id, !archived))}
      >
        <Shape shape={archived ? ArchiveRestore : Archive} />
        {t(archived ? "list.unarchive" : "list.archive")}
      </button>
      <button type="button" class="details-action details-danger" onClick={() => setLeaving(true)}>
        <Icon name="leave" />
        {t("leave.action")}
      </button>
      {isLeaving && <LeaveDialog conversation={conversation} meId={meId} onClose={() => setLeaving(false)} />}
    </div>
  );
}
