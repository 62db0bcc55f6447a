// A message counts as read only when it was before somebody's eyes: in view, in the tab in front, in the window with the focus.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath } from "../helpers/browser.ts";
import { createHistory } from "../helpers/history.ts";
import { openRealWindows, type RealWindows } from "../helpers/real_windows.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { entry, PATIENCE_MS, rowOf, scrollTo, sees, signIn } from "./page_helpers.ts";

const READ = 60;

describe.skipIf(chromiumPath === null)("a message is read", { timeout: 60_000 }, () => {
  let windows: RealWindows;
  let server: TestServer;
  let sita: Person;
  let ram: Person;
  let id: string;

  beforeAll(async () => {
    [windows, server] = await Promise.all([openRealWindows(), createTestServer()]);
    windows.context.setDefaultTimeout(PATIENCE_MS);
  });
  afterAll(async () => {
    await windows[Symbol.asyncDispose]();
    await server.close();
  });
  beforeEach(async () => {
    [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    id = (await ram.open(sita)).id;
    await createHistory(server.sql, id, ram.me.id, READ, Date.now());
    await sita.put(`/api/messages/conversations/${id}/read`, { seq: READ });
    await signIn(windows.context, server.url, sita);
  });

  const open = (page: Page) => page.goto(`${server.url}/en/messages/${id}`);
  const readSeq = async (): Promise<number> =>
    (await sita.get(`/api/messages/conversations/${id}`)).body.conversation.my.lastReadSeq;
  const isReadTo = (seq: number) => expect.poll(readSeq, { timeout: PATIENCE_MS }).toBe(seq);
  /** Waits until the page is so before somebody's eyes: the browser tells it a moment later. */
  const stands = (page: Page, visibility: DocumentVisibilityState, hasFocus: boolean) =>
    expect.poll(() => page.evaluate(() => [document.visibilityState, document.hasFocus()]), { timeout: PATIENCE_MS })
      .toEqual([visibility, hasFocus]);
  const badge = (page: Page) => entry(page, id).locator(".badge");
  /**
   * All that the page had to say until now has been heard by the server: another position, told after it on the same
   * socket, has come.
   */
  async function hasSaidAll(page: Page): Promise<void> {
    await page.evaluate(() => new Promise<void>((done) => setTimeout(done)));
    await expect.poll(async () => {
      const { body } = await ram.get(`/api/messages/conversations/${id}/participants`);
      const own = body.participants.find(({ user }: { user: { id: string } }) => user.id === sita.me.id);
      return own.lastDeliveredSeq;
    }, { timeout: PATIENCE_MS }).toBeGreaterThan(READ);
  }

  it("in a tab in front, and not in one behind it, until that comes to the front", async () => {
    const page = await windows.tab();
    await open(page);
    await sees(page, `Line ${READ}`);
    const other = await windows.tab();
    await stands(page, "hidden", false);
    await ram.send(id, "Written while it is behind");
    // A hidden page is not painted, yet it knows.
    await rowOf(page, READ + 1).waitFor({ state: "attached" });
    await badge(page).waitFor({ state: "attached" });
    await hasSaidAll(page);
    expect(await readSeq()).toBe(READ);

    await page.bringToFront();
    await stands(page, "visible", true);
    await isReadTo(READ + 1);
    await badge(page).waitFor({ state: "detached" });
    await Promise.all([page.close(), other.close()]);
  });

  it("in the window with the focus, and not in one that is only in sight", async () => {
    await using own = await openRealWindows();
    own.context.setDefaultTimeout(PATIENCE_MS);
    await signIn(own.context, server.url, sita);
    const page = own.first;
    await open(page);
    await stands(page, "visible", false);
    await sees(page, `Line ${READ}`);
    await ram.send(id, "Written while something else has the focus");
    await sees(page, "Written while something else has the focus");
    await badge(page).waitFor({ state: "attached" });
    await hasSaidAll(page);
    expect(await readSeq()).toBe(READ);

    await page.bringToFront();
    await stands(page, "visible", true);
    await isReadTo(READ + 1);
    await badge(page).waitFor({ state: "detached" });
  });

  it("when it comes into view, and not while something above it is read", async () => {
    const page = await windows.tab();
    await open(page);
    await sees(page, `Line ${READ}`);
    await scrollTo(page, { fromEnd: 1_000 });
    for (let n = 1; n <= 30; n++) await ram.send(id, `new ${n}`);
    await page.getByRole("button", { name: "Go to the newest message" }).getByText("30 new messages").waitFor();
    await hasSaidAll(page);
    expect(await readSeq()).toBe(READ);

    // So far down that the first of them are seen and the last are not.
    await scrollTo(page, { fromEnd: 600 });
    await expect.poll(readSeq, { timeout: PATIENCE_MS }).toBeGreaterThan(READ);
    expect(await readSeq()).toBeLessThan(READ + 30);
    await scrollTo(page, { fromEnd: 0 });
    await isReadTo(READ + 30);
    await page.close();
  });
});
