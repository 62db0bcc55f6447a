// The conversation list in a real browser: its menu, the archive, the search, the keyboard, small screens, long lists.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createManyDirects } from "../helpers/many.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { connect, ok, people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { PATIENCE_MS } from "./page_helpers.ts";

const ROWS_MAX = 60;

describe.skipIf(chromiumPath === null)("the conversation list", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const row = (page: Page, name: string) =>
    page.locator("li").filter({ has: page.locator("[data-id]", { hasText: name }) });
  const rows = (page: Page) => page.locator(".rows [data-id]");
  const toast = (page: Page, text: string) => page.locator(".toasts").getByText(text);
  const search = (page: Page) => page.getByLabel("Search conversations and people");
  const focusedRow = (page: Page) => page.locator("[data-item]:focus").textContent({ timeout: 2_000 });
  const pick = async (page: Page, name: string, item: string) => {
    await row(page, name).hover();
    await row(page, name).getByRole("button", { name: `Options for ${name}` }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
  };
  const my = async (person: Person, id: string) =>
    (await person.get(`/api/messages/conversations/${id}`)).body.conversation.my;

  /** Sita, and those who have each written to her once: the last one last. */
  async function talkers(...names: string[]) {
    const [sita, ...others] = await people(server, "Sita Gurung", ...names) as [Person, ...Person[]];
    const ids: string[] = [];
    for (const other of others) {
      const { id } = await other.open(sita);
      await other.send(id, `Namaste from ${other.me.name}`);
      ids.push(id);
    }
    return { sita, others, ids };
  }

  it("archives a conversation, brings it back by undo and from the archive, and again by a new message", async () => {
    const { sita, others: [ram], ids: [id] } = await talkers("Ram Thapa", "Gita Rai");
    const page = await visit(browser, server, sita);
    await pick(page, "Ram Thapa", "Archive");
    await row(page, "Ram Thapa").waitFor({ state: "detached" });
    await toast(page, "Moved to the archive").waitFor();
    expect((await my(sita, id!)).archived).toBe(true);
    await page.getByRole("button", { name: "Undo" }).click();
    await row(page, "Ram Thapa").waitFor();
    // Shown before the server has answered.
    await expect.poll(async () => (await my(sita, id!)).archived, { timeout: PATIENCE_MS }).toBe(false);

    await pick(page, "Ram Thapa", "Archive");
    await page.getByRole("link", { name: /Archived/ }).click();
    await page.waitForURL("**/en/messages/archived");
    await page.getByRole("heading", { name: "Archived" }).waitFor();
    expect(await rows(page).count()).toBe(1);
    await row(page, "Ram Thapa").locator("[data-id]").click();
    await page.getByRole("log").getByText("Namaste from Ram Thapa").waitFor();
    // The archive stays beside what was opened in it.
    await page.getByRole("heading", { name: "Archived" }).waitFor();
    await ram!.send(id!, "Still there?");
    await page.getByRole("heading", { name: "Messages" }).waitFor();
    await row(page, "Ram Thapa").getByText("Still there?").waitFor();
    expect(await rows(page).count()).toBe(2);
    await page.close();
  });

  it("a notice stands before a dialog that opens after it, where it can be read and used", async () => {
    const { sita, ids: [id] } = await talkers("Ram Thapa", "Gita Rai");
    const page = await visit(browser, server, sita);
    await pick(page, "Ram Thapa", "Archive");
    await toast(page, "Moved to the archive").waitFor();
    await page.keyboard.press("Shift+?");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(async () => (await my(sita, id!)).archived, { timeout: PATIENCE_MS }).toBe(false);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await pick(page, "Ram Thapa", "Archive");
    await toast(page, "Moved to the archive").waitFor();
    await page.close();
  });

  it("mutes for a while and unmutes; the row says so", async () => {
    const { sita, ids: [id] } = await talkers("Hari Lama");
    const page = await visit(browser, server, sita);
    const before = Date.now();
    await pick(page, "Hari Lama", "Mute for 8 hours");
    await row(page, "Hari Lama").getByText("Muted", { exact: true }).waitFor({ state: "attached" });
    await toast(page, "Muted: it stays silent").waitFor();
    const until = Date.parse((await my(sita, id!)).mutedUntil);
    expect(until - before).toBeGreaterThanOrEqual(8 * 3_600_000);
    expect(until - Date.now()).toBeLessThanOrEqual(8 * 3_600_000);
    await pick(page, "Hari Lama", "Unmute");
    await row(page, "Hari Lama").getByText("Muted", { exact: true }).waitFor({ state: "detached" });
    await toast(page, "No longer muted").waitFor();
    expect((await my(sita, id!)).mutedUntil).toBe(null);
    await page.close();
  });

  it("marks a read conversation as unread until it is opened again", async () => {
    const { sita, ids: [id] } = await talkers("Maya Tamang", "Bina Rai");
    await sita.put(`/api/messages/conversations/${id}/read`, { seq: 1 });
    const page = await visit(browser, server, sita);
    const mark = row(page, "Maya Tamang").getByText("Marked as unread");
    await pick(page, "Maya Tamang", "Mark as unread");
    await mark.waitFor({ state: "attached" });
    await expect.poll(async () => (await my(sita, id!)).markedUnread, { timeout: PATIENCE_MS }).toBe(true);
    await page.reload();
    await mark.waitFor({ state: "attached" });
    await row(page, "Maya Tamang").locator("[data-id]").click();
    await mark.waitFor({ state: "detached" });
    await page.close();
  });

  it("asks before leaving, says what it means, and keeps the focus in the list", async () => {
    const { sita, ids: [, id] } = await talkers("Dil Magar", "Ekta Shah", "Nima Sherpa");
    const page = await visit(browser, server, sita);
    await pick(page, "Ekta Shah", "Leave");
    const dialog = page.getByRole("dialog", { name: "Leave “Ekta Shah”?" });
    await dialog.getByText("Ekta Shah can no longer write to you in it").waitFor();
    await dialog.getByRole("button", { name: "Stay" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await rows(page).count()).toBe(3);

    await pick(page, "Ekta Shah", "Leave");
    await dialog.getByRole("button", { name: "Leave", exact: true }).click();
    await row(page, "Ekta Shah").waitFor({ state: "detached" });
    await dialog.waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.closest(".rows"));
    expect(await focusedRow(page)).toContain("Dil Magar");
    expect((await sita.get(`/api/messages/conversations/${id}`)).status).toBe(404);
    await page.close();
  });

  it("shows who is here, and who is typing in place of the last words", async () => {
    const { sita, others: [ram], ids: [id] } = await talkers("Ram Thapa");
    const page = await visit(browser, server, sita);
    const socket = await connect(server, ram!);
    // Who is here is told to those who watch: from then on typing is, too.
    await row(page, "Ram Thapa").getByText("Online").waitFor({ state: "attached" });
    await ok(socket, { command: "typing:start", conversationId: id! });
    await row(page, "Ram Thapa").getByText("typing…").waitFor();
    await ok(socket, { command: "typing:stop", conversationId: id! });
    await row(page, "Ram Thapa").getByText("Namaste from Ram Thapa").waitFor();
    await page.close();
  });

  it("goes by keyboard alone from the list to a sent message, and to a row's menu", async () => {
    const { sita, others: [ram], ids: [id] } = await talkers("Ram Thapa", "Gita Rai");
    const page = await visit(browser, server, sita);
    await row(page, "Ram Thapa").waitFor();
    await page.keyboard.press("Control+k");
    expect(await search(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowDown");
    expect(await focusedRow(page)).toContain("Gita Rai");
    await page.keyboard.press("ArrowDown");
    expect(await focusedRow(page)).toContain("Ram Thapa");
    await page.keyboard.press("ArrowUp");
    expect(await focusedRow(page)).toContain("Gita Rai");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.type("Typed without a mouse");
    await page.keyboard.press("Enter");
    await page.getByRole("log").locator("[data-seq]").filter({ hasText: "Typed without a mouse" }).waitFor();
    const { body } = await ram!.get(`/api/messages/conversations/${id}`);
    expect(body.conversation.lastMessage.body).toBe("Typed without a mouse");

    await page.keyboard.press("Control+k");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Options for Ram Thapa");
    await page.keyboard.press("Shift+?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.close();
  });

  it("opens a row's menu by a long press, and does not take it for a tap", async () => {
    const { sita } = await talkers("Ram Thapa");
    const page = await visit(browser, server, sita, { viewport: PHONE, hasTouch: true });
    const box = (await row(page, "Ram Thapa").boundingBox())!;
    const input = await page.context().newCDPSession(page);
    const touch = { x: box.x + 80, y: box.y + 30 };
    await input.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [touch] });
    await page.getByRole("menu", { name: "Options for Ram Thapa" }).waitFor();
    await input.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.getByRole("menuitem", { name: "Archive" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/en/messages");
    await page.close();
  });

  it("by a finger alone a conversation is marked as unread, in the list and among what was found", async () => {
    const { sita, ids } = await talkers("Maya Tamang", "Bina Rai");
    for (const id of ids) await sita.put(`/api/messages/conversations/${id}/read`, { seq: 1 });
    const page = await visit(browser, server, sita, { viewport: PHONE, hasTouch: true });
    const input = await page.context().newCDPSession(page);
    const hold = async (name: string) => {
      const box = (await row(page, name).boundingBox())!;
      // At the end of the row, where the button is that a mouse would bring out.
      const touch = { x: box.x + box.width - 24, y: box.y + box.height - 24 };
      await input.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [touch] });
      await page.getByRole("menu", { name: `Options for ${name}` }).waitFor();
      await input.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      await page.getByRole("menuitem", { name: "Mark as unread" }).tap();
      await row(page, name).getByText("Marked as unread").waitFor({ state: "attached" });
    };
    await hold("Maya Tamang");
    await search(page).fill("bina");
    await page.getByRole("region", { name: "Conversations" }).getByText("Bina Rai").first().waitFor();
    await hold("Bina Rai");
    for (const id of ids) {
      await expect.poll(async () => (await my(sita, id)).markedUnread, { timeout: PATIENCE_MS }).toBe(true);
    }
    await page.close();
  });

  it("on a phone, the browser's back leads from a conversation to the list, and to the row it came from", async () => {
    const { sita } = await talkers("Dil Magar", "Ekta Shah");
    const page = await visit(browser, server, sita, { viewport: PHONE });
    await row(page, "Dil Magar").locator("[data-id]").click();
    await page.getByRole("log").getByText("Namaste from Dil Magar").waitFor();
    expect(await row(page, "Dil Magar").isVisible()).toBe(false);
    await page.goBack();
    await row(page, "Dil Magar").waitFor();
    expect(await page.getByRole("log").count()).toBe(0);
    await page.locator("[data-id]:focus").filter({ hasText: "Dil Magar" }).waitFor();
    await page.close();
  });

  it("scrolls nothing sideways at 320 pixels", async () => {
    const long = "Wolfeschlegelsteinhausenbergerdorff";
    const { sita, others: [other], ids: [id] } = await talkers(`${long} ${long}`);
    await other!.send(id!, "averyveryverylongwordwithoutanyspace".repeat(20));
    const page = await visit(browser, server, sita, { viewport: { width: 320, height: 640 } });
    const sideways = () =>
      page.evaluate(() => {
        const inner = [...document.querySelectorAll("body *")].filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          const isSeen = width > 1 && getComputedStyle(element).visibility !== "hidden" && !element.closest(".skip");
          // What is cut off with an ellipsis is wider than its box on purpose; the box must fit.
          return isSeen && (left < -1 || right > innerWidth + 1) && !element.closest("[dir=auto] *");
        });
        return [document.documentElement.scrollWidth, ...inner.map((element) => element.outerHTML.slice(0, 120))];
      });
    await row(page, long).waitFor();
    expect(await sideways()).toEqual([320]);
    await row(page, long).locator("[data-id]").click();
    await page.getByRole("log").getByText("averyvery").first().waitFor();
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
    expect(await sideways()).toEqual([320]);
    await page.close();
  });

  describe("with 2,000 conversations", () => {
    let sita: Person;
    beforeAll(async () => {
      [sita] = await people(server, "Sita Gurung") as [Person];
      await createManyDirects(server.sql, sita.me.id, 2000, Date.now());
    });

    it("keeps few rows in the page, whichever are in view, and reaches the last", async () => {
      const page = await visit(browser, server, sita, { viewport: { ...DESKTOP, height: 1400 } });
      await row(page, "Person 1").first().waitFor();
      expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX);
      const last = page.locator('[aria-posinset="2000"]');
      while (await last.count() === 0) {
        const height = await page.locator(".list").evaluate((list) => {
          list.scrollTop = list.scrollHeight;
          return list.scrollHeight;
        });
        await page.waitForFunction(
          (height) =>
            document.querySelector(".list")!.scrollHeight > height || document.querySelector('[aria-posinset="2000"]'),
          height,
        );
        expect(await rows(page).count()).toBeLessThanOrEqual(ROWS_MAX);
      }
      expect(await last.textContent()).toContain("Person 2000");
      expect(await last.getAttribute("aria-setsize")).toBe("2000");
      await page.locator(".list").evaluate((list) => list.scrollTop = 0);
      await page.locator('[aria-posinset="1"]').waitFor();
      await last.waitFor({ state: "detached" });
      await page.close();
    }, 60_000);

    it("finds at once what is loaded, then what is not, and people; Escape clears, Enter opens", async () => {
      const [stranger] = await people(server, "Personne Nouvelle") as [Person];
      const page = await visit(browser, server, sita);
      await row(page, "Person 1").first().waitFor();
      await page.keyboard.press("Control+k");
      // In one go: how many searches letter by letter would ask for hangs on how busy the machine is.
      await page.keyboard.insertText("person 1987");
      await page.getByRole("region", { name: "Conversations" }).getByText("Person 1987").waitFor();
      await page.getByRole("region", { name: "People" }).getByText("Person 1987").waitFor();
      await page.keyboard.press("Escape");
      expect(await search(page).inputValue()).toBe("");
      await page.locator('[aria-posinset="1"]').waitFor();

      await page.keyboard.insertText("nobody of this name");
      await page.getByText("Nothing found for “nobody of this name”.").waitFor();
      await page.getByRole("button", { name: "Clear the search" }).click();

      await page.keyboard.insertText("personne");
      await page.getByRole("region", { name: "People" }).getByText(stranger.me.name).waitFor();
      await page.keyboard.press("ArrowDown");
      expect(await focusedRow(page)).toContain("Personne Nouvelle");
      await page.keyboard.press("Escape");

      await page.keyboard.insertText("person 1987");
      await page.getByRole("region", { name: "Conversations" }).getByText("Person 1987").waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("log").getByText("Hello from 1987").waitFor();
      await page.close();
    }, 60_000);
  });
});
