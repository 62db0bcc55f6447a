// Several tabs of one person in a real browser: one sends at a time, and each hears what the others do.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { createTabs, News, Tabs } from "../../client/net/tabs.ts";
import { chromiumPath, launchBrowser } from "../helpers/browser.ts";
import { type ClientModules, serveClientModules } from "../helpers/client_modules.ts";
import { ME, message, OTHER, ROOM } from "./samples.ts";

declare const client: { createTabs: typeof createTabs };
declare const tabs: Tabs;
declare const news: News[];
declare const turns: unknown[];

describe.skipIf(chromiumPath === null)("tabs", () => {
  let browser: Browser;
  let modules: ClientModules;
  let context: BrowserContext;

  beforeAll(async () => {
    [browser, modules] = await Promise.all([launchBrowser(), serveClientModules()]);
  });
  afterAll(async () => {
    await browser.close();
    await modules.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  async function open(ownerId: string, visibility: "visible" | "hidden" = "visible"): Promise<Page> {
    const page = await modules.open(context, ["net/tabs.ts"]);
    await page.evaluate(([ownerId, visibility]) => {
      Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
      const news: News[] = [];
      const turns: unknown[] = [];
      const tabs = client.createTabs(ownerId, {
        onNews: (one) => void news.push(one),
        onSender: () => void turns.push(0),
      });
      Object.assign(globalThis, { tabs, news, turns });
    }, [ownerId, visibility] as const);
    return page;
  }
  const show = (page: Page, visibility: "visible" | "hidden") =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, visibility);
  const sends = (page: Page) => page.waitForFunction(() => tabs.isSender);
  const waits = (page: Page) => page.waitForFunction(() => !tabs.isSender);

  it("the one that the person looked at last sends", async () => {
    const first = await open(ME);
    await sends(first);
    const second = await open(ME);
    await Promise.all([sends(second), waits(first)]);
    await show(first, "hidden");
    await show(first, "visible");
    await Promise.all([sends(first), waits(second)]);
    expect(await first.evaluate(() => turns.length)).toBe(2);
  });

  it("one that opens out of sight waits for its turn, and has it when the other is closed", async () => {
    const first = await open(ME);
    await sends(first);
    const second = await open(ME, "hidden");
    const third = await open(OTHER, "hidden");
    await sends(third);
    expect(await second.evaluate(() => tabs.isSender)).toBe(false);
    await first.close();
    await sends(second);
  });

  it("one that goes out of sight leaves it to another one that is in sight", async () => {
    const first = await open(ME, "hidden");
    await sends(first);
    const second = await open(ME);
    const third = await open(ME);
    await Promise.all([sends(third), waits(second), waits(first)]);
    await show(third, "hidden");
    await Promise.all([sends(second), waits(third)]);
  });

  it("one that is done sends no more, and lets the next one", async () => {
    const first = await open(ME);
    await sends(first);
    const second = await open(ME, "hidden");
    await first.evaluate(() => tabs.close());
    await sends(second);
    expect(await first.evaluate(() => tabs.isSender)).toBe(false);
    await show(first, "visible");
    expect(await second.evaluate(() => tabs.isSender)).toBe(true);
  });

  it("each hears the others' news, not its own and no other person's", async () => {
    const [first, second, stranger] = [await open(ME), await open(ME), await open(OTHER)];
    const said: News[] = [
      { type: "arrived", message: message(1) },
      { type: "draft", conversationId: ROOM, body: "half a thought" },
      { type: "signedOut" },
    ];
    await first.evaluate((said) => said.forEach((one) => tabs.tell(one)), said);
    await second.waitForFunction((count) => news.length === count, said.length);
    expect(await second.evaluate(() => news)).toEqual(said);
    // What the second says afterwards arrives after all that.
    await second.evaluate(() => tabs.tell({ type: "signedOut" }));
    await first.waitForFunction(() => news.length === 1);
    expect(await stranger.evaluate(() => news)).toEqual([]);
  });

  it("every tab sends where there are no locks", async () => {
    const page = await modules.open(context, ["net/tabs.ts"]);
    const isSender = await page.evaluate((ownerId) => {
      Object.defineProperty(navigator, "locks", { value: undefined });
      return client.createTabs(ownerId, { onNews() {}, onSender() {} }).isSender;
    }, ME);
    expect(isSender).toBe(true);
  });
});
