// The log of messages in a real browser: nothing that is read ever moves, little is drawn, and seen is what was in view.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROWS_MAX } from "../../client/state/row_window.ts";
import { chromiumPath, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createHistory } from "../helpers/history.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { PATIENCE_MS } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("the log of messages", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Sita and Ram, and so many messages of Ram's that Sita has read. */
  async function history(count: number, readSeq = count) {
    const [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    const { id } = await ram.open(sita);
    await createHistory(server.sql, id, ram.me.id, count, Date.now());
    if (readSeq > 0) await sita.put(`/api/messages/conversations/${id}/read`, { seq: readSeq });
    return { sita, ram, id, path: `/en/messages/${id}` };
  }

  const log = (page: Page) => page.getByRole("log");
  const row = (page: Page, seq: number) => log(page).locator(`[data-seq="${seq}"]`);
  const topOf = async (page: Page, seq: number) => (await row(page, seq).boundingBox())!.y;
  const drawn = (page: Page) =>
    log(page).locator("[data-seq]").evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.seq)));
  const readSeq = async (person: Person, id: string): Promise<number> =>
    (await person.get(`/api/messages/conversations/${id}`)).body.conversation.my.lastReadSeq;
  /** To so far below the start, or above the end; until what follows from it is drawn. */
  const scrollTo = (page: Page, { fromStart, fromEnd = 0 }: { fromStart?: number; fromEnd?: number }) =>
    log(page).evaluate((box, [fromStart, fromEnd]) => {
      box.scrollTop = fromStart ?? box.scrollHeight - box.clientHeight - fromEnd!;
      return new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    }, [fromStart, fromEnd]);
  /** The seq of a row in the middle of what is in view. */
  const inView = (page: Page) =>
    log(page).evaluate((box) => {
      const { top, height } = box.getBoundingClientRect();
      const rows = [...box.querySelectorAll<HTMLElement>("[data-seq]")];
      return Number(rows.find((row) => row.getBoundingClientRect().top > top + height / 3)!.dataset.seq);
    });

  it("draws few rows however many are loaded, and older pages move nothing", async () => {
    const { sita, path } = await history(600);
    const page = await visit(browser, server, sita, { path, viewport: PHONE });
    await row(page, 600).waitFor();
    for (let first = 600; first > 1;) {
      await scrollTo(page, { fromStart: 400 });
      const seq = await inView(page);
      const before = await topOf(page, seq);
      await log(page).evaluate((box) =>
        new Promise<void>((done) => {
          const check = () =>
            box.getAttribute("aria-busy") === "false"
              ? requestAnimationFrame(() => done())
              : requestAnimationFrame(check);
          check();
        })
      );
      expect(Math.abs(await topOf(page, seq) - before), `row ${seq}`).toBeLessThanOrEqual(1);
      const rows = await drawn(page);
      expect(rows.length).toBeLessThanOrEqual(ROWS_MAX);
      expect(rows).toEqual(rows.map((_, index) => rows[0]! + index));
      first = rows[0]!;
    }
    await scrollTo(page, { fromStart: 0 });
    expect(await log(page).getByText("The conversation begins here").isVisible()).toBe(true);
    await page.close();
  }, 60_000);

  it("goes where the scroll bar is dragged, at once and again before the first place is drawn in full", async () => {
    const { sita, path } = await history(800);
    const page = await visit(browser, server, sita, { path });
    await row(page, 800).waitFor();
    while ((await drawn(page))[0]! > 1) await scrollTo(page, { fromStart: 0 });
    for (const share of [0.5, 0.25, 0.75, 0.5, 0.1]) {
      await log(page).evaluate((box, share) => box.scrollTop = box.scrollHeight * share, share);
      await expect.poll(async () => Math.abs(await inView(page).catch(() => -1000) - 800 * share), {
        timeout: PATIENCE_MS,
      }).toBeLessThan(80);
    }
    await page.close();
  }, 60_000);

  it("new messages move nothing while something else is read; a button leads to them", async () => {
    const { sita, ram, id, path } = await history(80);
    const page = await visit(browser, server, sita, { path });
    await row(page, 80).waitFor();
    await scrollTo(page, { fromEnd: 1500 });
    const seq = await inView(page);
    const before = await topOf(page, seq);
    for (const text of ["one", "two", "three"]) await ram.send(id, text);
    const button = page.getByRole("button", { name: "Go to the newest message" });
    await button.getByText("3 new messages").waitFor();
    expect(Math.abs(await topOf(page, seq) - before)).toBeLessThanOrEqual(1);
    expect(await readSeq(sita, id)).toBe(80);
    await button.click();
    await row(page, 83).waitFor();
    await button.waitFor({ state: "detached" });
    await expect.poll(() => readSeq(sita, id), { timeout: PATIENCE_MS }).toBe(83);
    await page.close();
  });

  it("reads only what was in view of a window in front, and pulls nothing past what was not", async () => {
    const { sita, ram, id, path } = await history(40);
    const page = await visit(browser, server, sita, { path });
    await row(page, 40).waitFor();
    await page.evaluate(() => document.hasFocus = () => false);
    for (let n = 0; n < 40; n++) await ram.send(id, `while away ${n}`);
    await row(page, 41).getByText("while away 0").waitFor();
    await page.getByRole("button", { name: "Go to the newest message" }).getByText("40 new messages").waitFor();
    expect(await readSeq(sita, id)).toBe(40);
    expect((await row(page, 41).boundingBox())!.y).toBeGreaterThan(0);
    await page.evaluate(() => {
      document.hasFocus = () => true;
      dispatchEvent(new Event("focus"));
    });
    await expect.poll(() => readSeq(sita, id), { timeout: PATIENCE_MS }).toBeGreaterThan(41);
    expect(await readSeq(sita, id)).toBeLessThan(80);
    await page.close();
  });

  it("opens at the unread line, and later where it was left", async () => {
    const { sita, id, path } = await history(120, 70);
    const page = await visit(browser, server, sita, { path });
    await row(page, 71).getByText("New messages").waitFor();
    const line = await topOf(page, 71);
    const box = (await log(page).boundingBox())!;
    expect(line).toBeGreaterThan(box.y);
    expect(line).toBeLessThan(box.y + box.height / 2);
    expect((await drawn(page)).length).toBeLessThanOrEqual(ROWS_MAX);

    await scrollTo(page, { fromEnd: 0 });
    await row(page, 120).waitFor();
    await expect.poll(() => readSeq(sita, id), { timeout: PATIENCE_MS }).toBe(120);
    await scrollTo(page, { fromEnd: 900 });
    const seq = await inView(page);
    const before = await topOf(page, seq);
    await page.getByRole("link", { name: "New conversation" }).or(
      page.getByRole("button", { name: "New conversation" }),
    )
      .first().click();
    await log(page).waitFor({ state: "detached" });
    await page.goBack();
    await row(page, seq).waitFor();
    expect(Math.abs(await topOf(page, seq) - before)).toBeLessThanOrEqual(1);
    await page.close();
  });

  it("shows how far one's message has come, and who read it", async () => {
    const { sita, ram, path } = await history(3);
    const page = await visit(browser, server, sita, { path });
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("Is it still there?");
    await page.keyboard.press("Enter");
    await log(page).locator('[data-seq="4"][data-mark="sent"]').waitFor();
    const his = await visit(browser, server, ram);
    await log(page).locator('[data-seq="4"][data-mark="delivered"]').waitFor();
    await his.goto(`${server.url}${path}`);
    await row(his, 4).waitFor();
    await log(page).locator('[data-seq="4"][data-mark="read"]').waitFor();

    await row(page, 4).hover();
    await row(page, 4).getByRole("button", { name: "What to do with this message" }).click();
    await page.getByRole("menuitem").first().click();
    await page.getByRole("dialog").getByText("Ram Thapa").waitFor();
    await page.close();
    await his.close();
  });

  it("edits and deletes by keyboard alone, and the focus stays in the log", async () => {
    const { sita, ram, id, path } = await history(3);
    const page = await visit(browser, server, sita, { path });
    const field = page.getByRole("textbox", { name: "Message", exact: true });
    await field.fill("With a mistake");
    await page.keyboard.press("Enter");
    await row(page, 4).waitFor();
    await log(page).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Edit" }).waitFor();
    await page.keyboard.press("e");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Without one");
    await page.keyboard.press("Enter");
    await row(page, 4).getByText("Without one").waitFor();
    await row(page, 4).getByText("edited").waitFor();

    await log(page).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    await row(page, 4).getByText("This message was deleted").waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('[role="log"]') !== null);
    // The page shows it before the server has said yes.
    await expect.poll(async () => (await ram.get(`/api/messages/conversations/${id}/messages`)).body.messages.at(-1), {
      timeout: PATIENCE_MS,
    })
      .toMatchObject({ seq: 4, body: null });
    await page.close();
  });

  it("what is in view stays where it is when a message of it is edited", async () => {
    const { sita, ram, id, path } = await history(40);
    const own = await sita.send(id, "With a mistake\nand\nmany\nlines");
    for (let n = 0; n < 8; n++) await ram.send(id, `After ${n}`);
    const page = await visit(browser, server, sita, { path });
    await row(page, own.seq + 8).waitFor();
    for (const fromEnd of [0, 300]) {
      await scrollTo(page, { fromEnd });
      const before = await topOf(page, own.seq);
      await row(page, own.seq).locator(".bubble").hover();
      await row(page, own.seq).getByRole("button").click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await page.getByText("Editing your message").waitFor();
      expect(Math.abs(await topOf(page, own.seq) - before), `${fromEnd} from the end`).toBeLessThanOrEqual(1);
      await page.keyboard.press("Escape");
      await page.getByText("Editing your message").waitFor({ state: "detached" });
      expect(Math.abs(await topOf(page, own.seq) - before), `${fromEnd} from the end, after`).toBeLessThanOrEqual(1);
    }
    await page.close();
  });

  it("tells who reads by ear of what is new, and not of older pages", async () => {
    const { sita, ram, id, path } = await history(150);
    const page = await visit(browser, server, sita, { path });
    await row(page, 150).waitFor();
    await scrollTo(page, { fromStart: 0 });
    await log(page).locator('[aria-busy="true"]').waitFor({ state: "detached" });
    await ram.send(id, "Namaste");
    const said = page.locator('.log-frame [role="status"]');
    await said.getByText("Ram Thapa: Namaste").waitFor();
    expect(await said.textContent()).toBe("Ram Thapa: Namaste");
    await page.close();
  });
});
