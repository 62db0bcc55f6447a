// In a long conversation: it opens where one left off, what one reads never moves, and few rows are drawn.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROWS_MAX } from "../../client/state/row_window.ts";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createHistory } from "../helpers/history.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { hasNotMoved, log, readRow, rowOf, scrollTo, write } from "./page_helpers.ts";

const COUNT = 2_000;

describe.skipIf(chromiumPath === null)("a conversation of 2,000 messages", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Sita, who has read so far what Ram has written to her. */
  async function longTalk(readSeq: number) {
    const [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    const { id } = await ram.open(sita);
    await createHistory(server.sql, id, ram.me.id, COUNT, Date.now());
    await sita.put(`/api/messages/conversations/${id}/read`, { seq: readSeq });
    return { sita, ram, id, path: `/en/messages/${id}` };
  }
  const drawn = (page: Page) => log(page).locator("[data-key]").count();
  const newest = (page: Page) => page.getByRole("button", { name: "Go to the newest message" });
  /** The last message is this one, and it is in view whole. */
  const isAtFoot = (page: Page, text: string) =>
    page.waitForFunction((text) => {
      const log = document.querySelector('[role="log"]')!;
      const last = [...log.querySelectorAll("[data-key]")].at(-1)!;
      return last.textContent!.includes(text) &&
        last.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1;
    }, text);
  const olderHasCome = (page: Page) => log(page).and(page.locator('[aria-busy="false"]')).waitFor();

  it.each([["a phone", PHONE], ["a desktop", DESKTOP]])(
    "on %s: opens at the unread line; above and below it nothing jumps, and at most 80 rows are drawn",
    async (_, viewport) => {
      const { sita, path } = await longTalk(COUNT - 60);
      const page = await visit(browser, server, sita, { path, viewport });
      await rowOf(page, COUNT - 59).getByText("New messages").waitFor();
      expect(await rowOf(page, COUNT - 59).isVisible()).toBe(true);
      const frame = (await log(page).boundingBox())!;
      const line = (await rowOf(page, COUNT - 59).boundingBox())!;
      expect(line.y).toBeGreaterThanOrEqual(frame.y);
      expect(line.y).toBeLessThan(frame.y + frame.height / 2);

      let most = await drawn(page);
      for (let pages = 0; pages < 6; pages++) {
        await scrollTo(page, { fromStart: 300 });
        const read = await readRow(page);
        await olderHasCome(page);
        await hasNotMoved(page, read);
        most = Math.max(most, await drawn(page));
      }
      expect((await readRow(page)).seq).toBeLessThan(COUNT - 200);
      await scrollTo(page, { fromEnd: 0 });
      await rowOf(page, COUNT).waitFor();
      most = Math.max(most, await drawn(page));
      expect(most).toBeLessThanOrEqual(ROWS_MAX);
      await page.close();
    },
  );

  it("messages that come while one reads above move nothing; the button counts them and leads there", async () => {
    const { sita, ram, id, path } = await longTalk(COUNT);
    const page = await visit(browser, server, sita, { path });
    await rowOf(page, COUNT).waitFor();
    await scrollTo(page, { fromEnd: 1_800 });
    const read = await readRow(page);
    for (let n = 1; n <= 7; n++) {
      await ram.send(id, `new ${n} ${"and long ".repeat(n * 8)}`);
      await newest(page).getByText(n === 1 ? "1 new message" : `${n} new messages`, { exact: true }).waitFor();
      await hasNotMoved(page, read);
    }
    // Changed above what is in view, and longer than before: that moves nothing either.
    const above = read.seq - 10;
    await ram.patch(`/api/messages/conversations/${id}/messages/${above}`, { body: "Changed. ".repeat(60) });
    await rowOf(page, above).getByText("Changed.").waitFor();
    await hasNotMoved(page, read);

    await newest(page).click();
    await rowOf(page, COUNT + 7).waitFor();
    await newest(page).waitFor({ state: "detached" });
    // With the newest in view, the next ones pull it along; so does what one writes oneself.
    await ram.send(id, "And this");
    await isAtFoot(page, "And this");
    await scrollTo(page, { fromEnd: 1_800 });
    await write(page, "My answer");
    await rowOf(page, COUNT + 9).waitFor();
    await isAtFoot(page, "My answer");
    await page.close();
  });
});
