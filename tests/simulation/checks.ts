// What must be true at the end of a world: of what is stored, of all that was delivered, and of what each page shows.
import { isDeepStrictEqual } from "node:util";
import { checkAcknowledged, checkDeliveries, checkLog as checkStoredLog } from "../model/truth.ts";
import { show } from "../model/ledger.ts";
import type { Page } from "./page.ts";
import { activeIn, isArchived, isListed, seenBy } from "./rows.ts";
import type { World } from "./world.ts";

/** [S1] [S2] [S3] [S4] [R9] Of the log, and of all that anyone was given. */
export function checkLog(world: World): void {
  const { ledger, record } = world;
  const people = world.people.map((userId) => ({ userId }));
  const stored = [...world.site.rows.conversations.values()].map((row) => ({
    id: row.id,
    kind: row.kind,
    lastSeq: row.lastSeq,
    lastVersion: row.lastVersion,
    messages: row.messages,
    participants: [...row.participants.values()],
  }));
  for (const one of stored) checkStoredLog({ ledger }, one);
  checkAcknowledged({ ledger }, stored);
  checkDeliveries({ ledger, record, people }, stored);
}

/** A page that holds a conversation holds exactly what there is for its person. */
export function checkHeld(world: World, page: Page, { isFresh }: { isFresh: boolean }): void {
  const { state, browser: { userId } } = page;
  const report = (what: string) => world.ledger.report(`${isFresh ? "at the end" : "live"}: ${userId}: ${what}`);
  if (state.account.status !== "in" || state.connection !== "open") {
    return report(`is ${state.account.status}, ${state.connection}`);
  }
  const waiting = state.outbox.filter(({ failed }) => failed === null);
  if (waiting.length > 0) report(`[S1] still waits to send ${show(waiting)}`);
  for (const [id, held] of Object.entries(state.replica.conversations)) {
    const row = world.site.rows.conversations.get(id);
    const mine = world.site.rows.active(id, userId);
    // What could not be fetched is asked for again on the next connection.
    if (!isFresh && (held.needsPage || held.cursor === null)) continue;
    // Somebody wanted to see it, and was shown nothing.
    if (!mine && held.cursor === null) continue;
    if (!row || !mine) {
      report(`[A3] holds ${id} and is no participant`);
      continue;
    }
    if (held.needsPage || held.cursor === null) {
      report(`[R2] has not fetched ${id}: ${show(state.threads[id]?.failure)}`);
      continue;
    }
    const isAt = held.cursor.seq === row.lastSeq &&
      (isFresh ? held.cursor.version === row.lastVersion : held.cursor.version <= row.lastVersion);
    if (!isAt) report(`[R2] is at ${show(held.cursor)} in ${id}, which is at ${row.lastSeq}, ${row.lastVersion}`);
    const from = Math.max(held.firstSeq - 1, mine.visibleAfterSeq);
    const expected = row.messages.slice(from);
    if (!isDeepStrictEqual([...held.messages], expected)) {
      const at = expected.findIndex((message, index) => !isDeepStrictEqual(message, held.messages[index]));
      report(
        `[R2] shows other messages in ${id}: ${held.messages.length} for ${expected.length}; expected ${
          show(expected[at])
        }, has ${show(held.messages[at])}`,
      );
    }
    if (isFresh) checkPositions(page, id, activeIn(row), report);
  }
}

function checkPositions(
  page: Page,
  id: string,
  stored: { userId: string; lastReadSeq: number; lastDeliveredSeq: number }[],
  report: (what: string) => void,
): void {
  const isOpen = page.state.route.conversationId === id;
  for (const { userId, lastReadSeq, lastDeliveredSeq } of stored) {
    const known = page.state.positions[id]?.[userId];
    if (known?.lastReadSeq === lastReadSeq && known.lastDeliveredSeq === lastDeliveredSeq) continue;
    // [T1] Of what is not open nobody tells how far others are, until the next sync.
    const isBehind = (known?.lastReadSeq ?? 0) <= lastReadSeq && (known?.lastDeliveredSeq ?? 0) <= lastDeliveredSeq;
    if (!isOpen && isBehind && userId !== page.browser.userId) continue;
    report(`[P3] ${id}: ${userId} is ${show(known)}, stored is ${lastReadSeq}, ${lastDeliveredSeq}`);
  }
}

/** [P2] [R8] Each line of the list is as a fresh answer has it, and its unread count is a recount's. */
export function checkRows(world: World, page: Page): void {
  const { state, browser: { userId } } = page;
  const { rows } = world.site;
  const report = (what: string) => world.ledger.report(`the list of ${userId}: ${what}`);
  for (const row of rows.conversations.values()) {
    const mine = rows.active(row.id, userId);
    const shown = state.conversations[row.id];
    if (!mine) {
      if (shown) report(`has ${row.id}, which was left`);
      continue;
    }
    if (!shown) {
      const isExpected = isListed(row, userId) && !isArchived(row, mine, world.time.now);
      if (isExpected) report(`lacks ${row.id}`);
      continue;
    }
    const { participants: _, ...is } = shown;
    const { participants: __, ...should } = seenBy(rows, row, userId, world.time.now);
    const unread = row.messages.filter(({ seq }) => seq > Math.max(mine.lastReadSeq, mine.visibleAfterSeq)).length;
    if (is.unreadCount !== unread) report(`[P2] ${row.id}: ${is.unreadCount} unread, a recount says ${unread}`);
    for (const [key, value] of Object.entries(should)) {
      const has = is[key as keyof typeof is];
      if (!isDeepStrictEqual(has, value)) report(`[R8] ${row.id}: ${key} is ${show(has)}, stored is ${show(value)}`);
    }
  }
}
