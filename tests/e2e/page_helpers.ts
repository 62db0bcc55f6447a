// What a person does and sees on the page, in the words that browser tests are told in.
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import type { Person } from "../helpers/server.ts";

export const PATIENCE_MS = 30_000;

/** The session of somebody who has signed in, so that a window of this context is theirs. */
export async function signIn(context: BrowserContext, url: string, person: Person): Promise<void> {
  const value = person.cookie!.slice(SESSION_COOKIE.length + 1);
  await context.addCookies([{ name: SESSION_COOKIE, value, url }]);
}

export const log = (page: Page) => page.getByRole("log");
export const field = (page: Page) => page.locator(".composer textarea");
export const head = (page: Page) => page.locator(".head");
/** The list's line of a conversation. */
export const entry = (page: Page, id: string) => page.locator(`.rows [data-id="${id}"]`);
/** The row of a message, whether it has been sent or waits. */
export const row = (page: Page, text: string) => log(page).locator("[data-key]").filter({ hasText: text });
export const rowOf = (page: Page, seq: number) => log(page).locator(`[data-seq="${seq}"]`);

export async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
}

/** Waits until the message is in the conversation, sent. */
export const sees = (page: Page, text: string) => log(page).locator("[data-seq]").filter({ hasText: text }).waitFor();

/** Waits until one's own message is marked so. */
export const isMarked = (page: Page, text: string, mark: "pending" | "failed" | "sent" | "delivered" | "read") =>
  log(page).locator(`[data-mark="${mark}"]`).filter({ hasText: text }).waitFor();

/** The words of all messages that are drawn, as they stand there from top to bottom. */
export const shown = (page: Page): Promise<string[]> =>
  log(page).locator(".bubble-text").evaluateAll((texts) =>
    texts.map((text) => {
      const words = text.cloneNode(true) as HTMLElement;
      for (const beside of words.querySelectorAll(".bubble-meta, .unseen")) beside.remove();
      return words.textContent!.trim();
    })
  );

/** The words of a conversation as the server has them, oldest first. */
export async function stored(person: Person, id: string): Promise<(string | null)[]> {
  const { body } = await person.get(`/api/messages/conversations/${id}/messages`);
  return body.messages.filter(({ kind }: { kind: string }) => kind === "text")
    .map((message: { body: string | null }) => message.body);
}

/** Waits until the service worker answers for the page: from then on it opens without a network. */
export const isLookedAfter = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

/** Scrolls the log to so far below its start, or above its end; resolves when what follows from it is drawn. */
export const scrollTo = (page: Page, { fromStart, fromEnd = 0 }: { fromStart?: number; fromEnd?: number }) =>
  log(page).evaluate((box, [fromStart, fromEnd]) => {
    box.scrollTop = fromStart ?? box.scrollHeight - box.clientHeight - fromEnd!;
    return new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  }, [fromStart, fromEnd]);

/** A row that somebody reads: the first one below the upper third of the log. */
export const readRow = (page: Page): Promise<{ seq: number; top: number }> =>
  log(page).evaluate((box) => {
    const { top, height } = box.getBoundingClientRect();
    const row = [...box.querySelectorAll<HTMLElement>("[data-seq]")]
      .find((row) => row.getBoundingClientRect().top > top + height / 3)!;
    return { seq: Number(row.dataset.seq), top: row.getBoundingClientRect().top };
  });

/** Fails unless the row stands where it stood, to a pixel. */
export async function hasNotMoved(page: Page, { seq, top }: { seq: number; top: number }): Promise<void> {
  const now = await rowOf(page, seq).evaluate((row) => row.getBoundingClientRect().top);
  expect(Math.abs(now - top), `row ${seq} was at ${top} and is at ${now}`).toBeLessThanOrEqual(1);
}
