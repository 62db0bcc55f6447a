// The messages of one conversation: the rows near what is in view, older pages on the way up, the newest at the foot.
import { useCallback, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import type { Thread } from "../state/thread.ts";
import { reachOf, tickOf } from "../state/ticks.ts";
import { type Entries, messageAt, timeline, type TimelineRow } from "../state/timeline.ts";
import { LogRow, type LogRowProps } from "./LogRow.tsx";
import { useApp } from "./context.ts";
import { editing } from "./editing.ts";
import { Icon } from "./Icon.tsx";
import { lazy } from "./lazy.tsx";
import type { MenuTarget } from "./MessageMenu.tsx";
import { useLogKeys } from "./use_log_keys.ts";
import { useWindow } from "./use_window.ts";
import { personName, systemWords } from "./words.ts";

const Announcement = lazy(() => import("./Announcement.tsx"), "Announcement", { isQuiet: true });
const MessageMenu = lazy(() => import("./MessageMenu.tsx"), "MessageMenu");

interface Props {
  conversation: Conversation;
  thread: Thread;
  name: string;
  meId: string;
}

export function MessageLog({ conversation, thread, name, meId }: Props) {
  const { store, actions, i18n } = useApp();
  const { id } = conversation;
  const box = useRef<HTMLDivElement>(null);
  const unfolded = useRef(new Set<string>());
  const [, redraw] = useReducer((drawings: number, _: void) => drawings + 1, 0);
  const [target, setTarget] = useState<MenuTarget | null>(null);

  const outbox = store.outbox.value;
  const people = store.people.value;
  const now = store.now.value;
  const heard = store.positions.value[id];
  const pending = useMemo(() => outbox.filter(({ conversationId }) => conversationId === id), [outbox, id]);
  const reach = useMemo(() => reachOf(conversation, heard ?? {}, meId), [conversation, heard, meId]);
  const entries: Entries = {
    messages: thread.messages,
    pending,
    meId,
    unreadAfter: thread.unreadAfter,
    hasBefore: thread.hasBefore && thread.older !== "failed",
  };
  const { log, range } = useWindow({
    id,
    box,
    entries,
    readSeq: conversation.my.lastReadSeq,
    // The composer grows by what is edited; where a keyboard slides in, the newest stays above that instead.
    isHeld: () => editing.peek()?.conversationId === id && matchMedia("(pointer: fine)").matches,
    onNearStart: () => {
      if (thread.hasBefore && thread.older === "idle") actions.loadOlder(id);
    },
    onSeen: (seq) => actions.markRead(id, seq),
  });
  const rows = timeline(entries, range);
  const [openedAt] = useState(thread.messages.at(-1)?.seq ?? 0);
  // A larger group carries the first few only: of the others it is asked for.
  const { participants, participantCount } = conversation;
  const mayResemble = participants.length < participantCount || participants.some(({ resembles }) => resembles);

  // What one has just written is what one wants to see.
  const lastPending = pending.at(-1)?.clientId;
  const sentBefore = useRef(lastPending);
  useLayoutEffect(() => {
    if (lastPending !== undefined && lastPending !== sentBefore.current) log.toEnd();
    sentBefore.current = lastPending;
  }, [lastPending]);

  const openMenu = (element: Element, at: MenuTarget["at"] = element) => {
    const key = element.closest<HTMLElement>("[data-key]")?.dataset.key;
    const row = rows.find((row) => row.key === key);
    if (row && row.message?.kind !== "system") setTarget({ row, at });
  };
  const closeMenu = useCallback(() => setTarget(null), []);
  const keys = useLogKeys(box, openMenu);

  function onClick(event: MouseEvent): void {
    const element = event.target as Element;
    const button = element.closest<HTMLElement>("[data-does]");
    if (!button) return;
    const key = button.closest<HTMLElement>("[data-key]")!.dataset.key!;
    if (button.dataset.does === "menu") openMenu(button);
    if (button.dataset.does === "show") log.show(Number(button.dataset.to));
    if (button.dataset.does === "unfold") {
      unfolded.current.add(key);
      log.hold();
      redraw();
    }
  }

  function propsOf({ key, day, ...row }: TimelineRow, next: TimelineRow | undefined): LogRowProps {
    const { message } = row;
    const senderId = message?.senderId ?? meId;
    const isOwn = senderId === meId;
    const mark = row.pending
      ? row.pending.failed === null ? "pending" : "failed"
      : isOwn
      ? tickOf(reach, row.pos)
      : null;
    const nextMark = next?.message && isOwn ? tickOf(reach, next.pos) : null;
    const quoted = message?.replyToSeq ? messageAt(entries, message.replyToSeq) : null;
    return {
      ...row,
      rowKey: key,
      mark,
      isOwn,
      showsTime: row.endsMinute || row.pending !== null || (isOwn && mark !== nextMark),
      showsFace: conversation.kind === "group" && !isOwn,
      mayResemble,
      name: personName(senderId, people, meId, i18n),
      picture: people[senderId]?.picture ?? null,
      dayWords: day && i18n.day(day, now),
      systemWords: message?.kind === "system" ? systemWords(message, people, meId, i18n) : null,
      isUnfolded: unfolded.current.has(key),
      quotedName: quoted && personName(quoted.senderId, people, meId, i18n),
      quotedBody: quoted?.body ?? null,
    };
  }

  return (
    <div class="log-frame">
      {/* What comes is told below, once: rows also come and go here because somebody scrolls. */}
      <div
        class="log"
        ref={box}
        role="log"
        aria-live="off"
        aria-label={i18n.t("conversation.label", { name })}
        aria-busy={thread.older === "loading"}
        tabIndex={0}
        onKeyDown={keys.onKeyDown}
      >
        <LogStart id={id} thread={thread} isEmpty={rows.length === 0} />
        <div class="log-space" />
        <ol
          {...keys.onRows}
          onClick={onClick}
          onPointerOver={(event) => tellTime(event.target as Element)}
          onPointerEnter={MessageMenu.preload}
        >
          {rows.map((row, at) => <LogRow key={row.key} {...propsOf(row, rows[at + 1])} />)}
        </ol>
        <div class="log-space" />
      </div>
      {!log.isAtEnd && (
        <button
          type="button"
          class="to-end"
          onClick={() => log.toEnd()}
          aria-label={i18n.t("conversation.toNewest")}
        >
          {conversation.unreadCount > 0 && (
            <span>{i18n.t("conversation.newBelow", { n: conversation.unreadCount })}</span>
          )}
          <Icon name="down" />
        </button>
      )}
      <Announcement messages={thread.messages} after={openedAt} meId={meId} />
      {target && (
        <MessageMenu
          target={target}
          conversation={conversation}
          meId={meId}
          onAsk={(asks) => setTarget({ ...target, asks })}
          onClose={closeMenu}
        />
      )}
    </div>
  );

  /** Worded when somebody points at it: most are never asked for. */
  function tellTime(element: Element): void {
    const bubble = element.closest<HTMLElement>(".bubble");
    const at = bubble?.querySelector("time")?.dateTime;
    if (at) bubble.title = `${i18n.relative(at, store.now.peek())} · ${i18n.exactTime(at)}`;
  }
}

function LogStart({ id, thread, isEmpty }: { id: string; thread: Thread; isEmpty: boolean }) {
  const { actions, i18n } = useApp();
  if (isEmpty) return <p class="log-start log-empty">{i18n.t("conversation.empty")}</p>;
  if (!thread.hasBefore) {
    // "… began the conversation" says it already.
    return thread.messages[0]?.kind === "system" ? null : <p class="log-start">{i18n.t("conversation.begin")}</p>;
  }
  if (thread.older === "failed") {
    return (
      <p class="log-start">
        {i18n.t("conversation.olderFailed")}{" "}
        <button type="button" class="button-text" onClick={() => actions.loadOlder(id)}>
          {i18n.t("action.retry")}
        </button>
      </p>
    );
  }
  return <p class="log-start">{i18n.t("conversation.olderLoading")}</p>;
}
