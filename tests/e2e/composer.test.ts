// The composer in a real browser: drafts, editing, keys, input methods, paste, size, emoji, the limit, touch.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MESSAGE_MAX_CHARS } from "../../protocol/limits.ts";
import { chromiumPath, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { PATIENCE_MS } from "./page_helpers.ts";

const SETTINGS_KEY = "chautari.settings";
const RECENT_KEY = "chautari.emoji";

describe.skipIf(chromiumPath === null)("the composer", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const field = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
  const words = (page: Page) => field(page).inputValue();
  const sees = (page: Page, text: string) =>
    page.getByRole("log").locator("[data-seq]").filter({ hasText: text }).waitFor();
  const focusIs = (page: Page, selector: string) =>
    page.waitForFunction((selector) => document.activeElement?.matches(selector), selector);
  const valueIs = (page: Page, value: string) =>
    page.waitForFunction((value) => document.querySelector("textarea")?.value === value, value);
  /** The texts of a conversation as the server has them. */
  const bodies = async (who: Person, id: string): Promise<string[]> => {
    const { body } = await who.get(`/api/messages/conversations/${id}/messages`);
    return body.messages.map((message: { body: string }) => message.body);
  };

  /** Sita and Ram, and her window with their conversation open. */
  async function meet(options: { viewport?: { width: number; height: number }; hasTouch?: boolean } = {}) {
    const [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    const { id } = await sita.open(ram);
    const page = await visit(browser, server, sita, { path: `/en/messages/${id}`, ...options });
    await field(page).waitFor();
    return { sita, ram, id, page };
  }

  it("keeps a draft for each conversation, through another one and a reload", async () => {
    const { sita, ram, id, page } = await meet();
    const tea = await sita.group("Tea on Friday", ram);
    await ram.send(tea.id, "Who comes?");
    await field(page).pressSequentially("Is the bike");
    await page.locator(`[data-id="${tea.id}"]`).click();
    await sees(page, "Who comes?");
    expect(await words(page)).toBe("");
    await field(page).fill("I do");
    await page.locator(`[data-id="${id}"]`).click();
    await valueIs(page, "Is the bike");
    await page.reload();
    await valueIs(page, "Is the bike");
    await field(page).press("End");
    await field(page).pressSequentially(" still there?");
    await field(page).press("Enter");
    await sees(page, "Is the bike still there?");
    expect(await words(page)).toBe("");
    await page.reload();
    await sees(page, "Is the bike still there?");
    expect(await words(page)).toBe("");
    await page.locator(`[data-id="${tea.id}"]`).click();
    await valueIs(page, "I do");
    await page.close();
  });

  it("↑ in an empty field edits one's last message; Escape leaves it, and the next Escape leaves the field", async () => {
    const { sita, ram, id, page } = await meet();
    await sita.send(id, "I come at five");
    const deleted = await sita.send(id, "never mind");
    await sita.delete(`/api/messages/conversations/${id}/messages/${deleted.seq}`);
    await ram.send(id, "Good");
    await sees(page, "Good");
    const other = await visit(browser, server, ram, { path: `/en/messages/${id}` });
    await sees(other, "I come at five");

    await field(page).fill("x");
    await field(page).press("ArrowUp");
    expect(await words(page)).toBe("x");
    await field(page).fill("");
    await field(page).press("ArrowUp");
    await valueIs(page, "I come at five");
    await page.getByText("Editing your message").waitFor();
    await field(page).press("Escape");
    await valueIs(page, "");
    expect(await page.getByText("Editing your message").count()).toBe(0);
    await focusIs(page, "textarea");
    await field(page).press("Escape");
    await focusIs(page, '[role="log"]');

    await field(page).press("ArrowUp");
    await valueIs(page, "I come at five");
    await field(page).press("End");
    await field(page).pressSequentially(", or six");
    await field(page).press("Enter");
    await sees(other, "I come at five, or six");
    await sees(page, "I come at five, or six");
    await valueIs(page, "");
    expect(await bodies(ram, id)).toContain("I come at five, or six");
    await Promise.all([page.close(), other.close()]);
  });

  it("what was begun waits while another message is edited, and stopping is a button too", async () => {
    const { sita, id, page } = await meet();
    await sita.send(id, "An old one");
    await sees(page, "An old one");
    await field(page).press("ArrowUp");
    await valueIs(page, "An old one");
    await page.getByRole("button", { name: "Stop editing" }).click();
    await valueIs(page, "");
    await focusIs(page, "textarea");
    await field(page).fill("A new one");
    await page.reload();
    await valueIs(page, "A new one");
    await field(page).press("Enter");
    await sees(page, "A new one");
    expect((await bodies(sita, id)).filter((body) => body !== null)).toEqual(["An old one", "A new one"]);
    await page.close();
  });

  it("what an edit was to say is there again after another conversation, left in the middle or refused", async () => {
    const { sita, ram, id, page } = await meet();
    const tea = await sita.group("Tea on Friday", ram);
    await ram.send(tea.id, "Who comes?");
    await sita.send(id, "At five");
    await sees(page, "At five");
    const go = async (to: string, text: string) => {
      await page.locator(`[data-id="${to}"]`).click();
      await sees(page, text);
    };
    await field(page).press("ArrowUp");
    await valueIs(page, "At five");
    await field(page).fill("At half past five");
    await go(tea.id, "Who comes?");
    expect(await words(page)).toBe("");
    await field(page).press("ArrowUp");
    await go(id, "At five");
    await valueIs(page, "At half past five");
    await page.getByText("Editing your message").waitFor();

    // Refused while one is elsewhere.
    await page.context().setOffline(true);
    await field(page).press("Enter");
    await page.locator(`[data-id="${tea.id}"]`).click();
    await page.locator(".toast-error").waitFor();
    await page.locator(`[data-id="${id}"]`).click();
    await valueIs(page, "At half past five");
    await page.context().setOffline(false);
    await page.getByText("You are offline.").waitFor({ state: "detached" });
    await field(page).press("Enter");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["At half past five"]);
    // Looked at and left as it was, an edit does not come back.
    await field(page).press("ArrowUp");
    await valueIs(page, "At half past five");
    await go(tea.id, "Who comes?");
    await go(id, "At half past five");
    await valueIs(page, "");
    await page.close();
  });

  it("Enter sends and Shift+Enter begins a line; by the setting Ctrl+Enter sends and Enter begins a line", async () => {
    const { sita, id, page } = await meet();
    await field(page).pressSequentially("one");
    await field(page).press("Shift+Enter");
    await field(page).pressSequentially("two");
    expect(await words(page)).toBe("one\ntwo");
    await field(page).press("Enter");
    await sees(page, "two");

    await page.evaluate(([key]) => localStorage.setItem(key!, '{"sendKey":"ctrlEnter"}'), [SETTINGS_KEY]);
    await page.reload();
    await sees(page, "two");
    await field(page).pressSequentially("three");
    await field(page).press("Enter");
    await field(page).pressSequentially("four");
    await field(page).press("Shift+Enter");
    await field(page).pressSequentially("five");
    expect(await words(page)).toBe("three\nfour\nfive");
    await field(page).press("Control+Enter");
    await sees(page, "five");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["one\ntwo", "three\nfour\nfive"]);
    await page.close();
  });

  it("on a touch screen Enter begins a line and the button sends, unless the setting says otherwise", async () => {
    const { sita, id, page } = await meet({ viewport: PHONE, hasTouch: true });
    expect(await field(page).getAttribute("enterkeyhint")).toBe("enter");
    await field(page).pressSequentially("one");
    await field(page).press("Enter");
    await field(page).pressSequentially("two");
    expect(await words(page)).toBe("one\ntwo");
    await page.getByRole("button", { name: "Send" }).tap();
    await sees(page, "two");
    await page.goto(`${server.url}/en/messages/settings`);
    await page.getByRole("radio", { name: "Ctrl + Enter" }).and(page.locator(":checked")).waitFor();
    await page.getByRole("radio", { name: "Enter", exact: true }).check();
    await page.goto(`${server.url}/en/messages/${id}`);
    await sees(page, "two");
    await field(page).pressSequentially("three");
    await field(page).press("Enter");
    await sees(page, "three");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["one\ntwo", "three"]);
    await page.close();
  });

  it("an Enter that belongs to an input method sends nothing", async () => {
    const { sita, id, page } = await meet();
    await field(page).focus();
    const session = await page.context().newCDPSession(page);
    for (const part of ["न", "नम", "नमस्ते"]) {
      await session.send("Input.imeSetComposition", {
        text: part,
        selectionStart: part.length,
        selectionEnd: part.length,
      });
    }
    await session.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode: 229,
    });
    await session.send("Input.insertText", { text: "नमस्ते" });
    await valueIs(page, "नमस्ते");
    await session.send("Input.imeSetComposition", { text: " 你好", selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press("Escape");
    await focusIs(page, "textarea");
    await page.keyboard.press("ArrowUp");
    await session.send("Input.insertText", { text: " 你好" });
    await valueIs(page, "नमस्ते 你好");
    await field(page).press("Enter");
    await sees(page, "नमस्ते 你好");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["नमस्ते 你好"]);
    await page.close();
  });

  it("a word still being composed goes with the message when the button sends it, once", async () => {
    const { sita, id, page } = await meet({ viewport: PHONE, hasTouch: true });
    await field(page).tap();
    const session = await page.context().newCDPSession(page);
    await session.send("Input.imeSetComposition", { text: "ठीक", selectionStart: 3, selectionEnd: 3 });
    await valueIs(page, "ठीक");
    await page.getByRole("button", { name: "Send" }).tap();
    await sees(page, "ठीक");
    expect(await words(page)).toBe("");
    // The keyboard of a phone stays as long as the field has the focus.
    await focusIs(page, "textarea");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["ठीक"]);
    await page.close();
  });

  it("a paste of rich text becomes plain, without what cannot be seen", async () => {
    const { sita, id, page } = await meet();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate(async () => {
      const html = new Blob(["<p><b>Bold</b> words</p>"], { type: "text/html" });
      const plain = new Blob(["Bold\u0007 \ufffcwords\u2028here"], { type: "text/plain" });
      await navigator.clipboard.write([new ClipboardItem({ "text/html": html, "text/plain": plain })]);
    });
    await field(page).press("Control+v");
    await page.waitForFunction(() => document.querySelector("textarea")!.value !== "");
    await field(page).press("Enter");
    await sees(page, "Bold words");
    await expect.poll(() => bodies(sita, id), { timeout: PATIENCE_MS }).toEqual(["Bold words\nhere"]);
    await page.close();
  });

  it("grows to six lines, then scrolls", async () => {
    const { page } = await meet();
    const measure = () =>
      field(page).evaluate((element) => {
        const { clientHeight, scrollHeight } = element;
        const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(element);
        const inside = clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
        return { lines: Math.round(inside / parseFloat(lineHeight)), scrolls: scrollHeight > clientHeight + 1 };
      });
    const lines = (n: number) => Array.from({ length: n }, (_, at) => `line ${at + 1}`).join("\n");
    expect(await measure()).toEqual({ lines: 1, scrolls: false });
    await field(page).fill(lines(4));
    expect(await measure()).toEqual({ lines: 4, scrolls: false });
    await field(page).fill(lines(6));
    expect(await measure()).toEqual({ lines: 6, scrolls: false });
    await field(page).fill(lines(12));
    expect(await measure()).toEqual({ lines: 6, scrolls: true });
    await field(page).press("Enter");
    await valueIs(page, "");
    expect(await measure()).toEqual({ lines: 1, scrolls: false });
    await page.close();
  });

  it("says how much room is left near the limit, and sends nothing beyond it", async () => {
    const { sita, id, page } = await meet();
    await field(page).fill("क".repeat(MESSAGE_MAX_CHARS - 201));
    expect(await page.getByText("characters left").count()).toBe(0);
    await field(page).fill("😀".repeat(MESSAGE_MAX_CHARS - 7));
    await page.getByText("7 characters left").waitFor();
    await field(page).fill("क".repeat(MESSAGE_MAX_CHARS + 1));
    await page.getByText("1 character too many").waitFor();
    await field(page).press("Enter");
    expect(await field(page).getAttribute("aria-invalid")).toBe("true");
    expect((await words(page)).length).toBe(MESSAGE_MAX_CHARS + 1);
    await field(page).press("Backspace");
    await field(page).press("Enter");
    await valueIs(page, "");
    await expect.poll(async () => (await bodies(sita, id)).map((body) => body.length), { timeout: PATIENCE_MS })
      .toEqual([MESSAGE_MAX_CHARS]);
    await page.close();
  });

  it("emoji go in where one writes: found by a word, or by the arrow keys; those used last come first", async () => {
    const { page } = await meet();
    await field(page).fill("नमस्ते  !");
    await field(page).evaluate((element) => (element as HTMLTextAreaElement).setSelectionRange(6, 6));
    const open = () => page.getByRole("button", { name: "Emoji" }).click();
    await open();
    const search = page.getByRole("searchbox", { name: "Search emoji" });
    await focusIs(page, "input[type=search]");
    await search.fill("धन्य");
    await page.getByText("1 result").waitFor({ state: "attached" });
    await search.press("Enter");
    expect(await words(page)).toBe("नमस्ते🙏  !");
    await search.fill("");
    await search.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    expect(await words(page)).toBe("नमस्ते🙏😃  !");
    await page.keyboard.press("Escape");
    await focusIs(page, "textarea");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await open();
    await page.getByRole("group", { name: "Used last" }).waitFor();
    expect(await page.getByRole("option").first().textContent()).toBe("😃");
    await page.getByRole("log").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate(([key]) => localStorage.getItem(key!), [RECENT_KEY])).toBe('["😃","🙏"]');
    await page.close();
  });

  it("tells the other that somebody types, and no more once it is sent", async () => {
    const { ram, id, page } = await meet();
    const other = await visit(browser, server, ram, { path: `/en/messages/${id}` });
    await field(other).waitFor();
    const typing = other.getByText("typing…").first();
    await field(page).pressSequentially("I am on my w");
    await typing.waitFor();
    await field(page).press("Enter");
    await sees(other, "I am on my w");
    await typing.waitFor({ state: "detached" });
    await Promise.all([page.close(), other.close()]);
  });

  it("where the other has left there is nothing to write, and it says so", async () => {
    const { ram, id, page } = await meet();
    await field(page).fill("Are you there?");
    expect((await ram.delete(`/api/messages/conversations/${id}`)).status).toBe(204);
    await page.getByText("The other person has left this conversation.").waitFor();
    expect(await field(page).count()).toBe(0);
    await focusIs(page, '[role="log"]');
    // Nobody went there by a key: no outline around it.
    expect(await page.getByRole("log").evaluate((log) => getComputedStyle(log).outlineStyle)).toBe("none");
    await page.close();
  });
});
