// What is written without a network, or refused by the server: it waits, visibly, and is sent once or given up by choice.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { entry, field, isLookedAfter, isMarked, log, PATIENCE_MS, row } from "./page_helpers.ts";
import { sees, shown, signIn, stored, write } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("without a network", { timeout: 60_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let server: TestServer;
  let sita: Person;
  let ram: Person;
  let id: string;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    id = (await sita.open(ram)).id;
    await ram.send(id, "Are you coming?");
    context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS);
    await signIn(context, server.url, sita);
  });
  afterEach(() => context.close());

  async function open(path = `/en/messages/${id}`): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${server.url}${path}`);
    return page;
  }

  it("everything known is shown after a reload, what was written waits, and both people get it exactly once", async () => {
    const page = await open();
    const his = await visit(browser, server, ram, { path: `/en/messages/${id}` });
    await sees(page, "Are you coming?");
    await sees(his, "Are you coming?");
    await isLookedAfter(page);
    await context.setOffline(true);
    await page.getByText("You are offline.").waitFor();
    await write(page, "On my way");
    await write(page, "Ten minutes");
    await isMarked(page, "Ten minutes", "pending");

    await page.reload();
    await isMarked(page, "Ten minutes", "pending");
    expect(await shown(page)).toEqual(["Are you coming?", "On my way", "Ten minutes"]);
    expect(await log(page).locator('[data-mark="pending"]').count()).toBe(2);
    await entry(page, id).getByText("You: Ten minutes").waitFor();
    await page.getByText("You are offline.").waitFor();
    expect(await stored(ram, id)).toEqual(["Are you coming?"]);

    await context.setOffline(false);
    await sees(page, "Ten minutes");
    await sees(his, "Ten minutes");
    await page.getByText("You are offline.").waitFor({ state: "detached" });
    await Promise.all([page.reload(), his.reload()]);
    for (const each of [page, his]) {
      await sees(each, "Ten minutes");
      expect(await shown(each)).toEqual(["Are you coming?", "On my way", "Ten minutes"]);
    }
    expect(await stored(ram, id)).toEqual(["Are you coming?", "On my way", "Ten minutes"]);
    await his.close();
  });

  it("what was written before the page crashed is sent by the next one, wherever it opens", async () => {
    const page = await open();
    await field(page).waitFor();
    await context.setOffline(true);
    await write(page, "Written before the crash");
    await isMarked(page, "Written before the crash", "pending");
    await page.goto("chrome://crash").catch(() => {});
    await page.close();
    await context.setOffline(false);
    await open("/en/messages");
    await expect.poll(() => stored(ram, id), { timeout: PATIENCE_MS })
      .toEqual(["Are you coming?", "Written before the crash"]);
  });

  it("what the server then refuses says why, and is copied, discarded or tried again by choice", async () => {
    const page = await open();
    await sees(page, "Are you coming?");
    await isLookedAfter(page);
    await context.setOffline(true);
    await write(page, "Yes");
    await write(page, "But late");
    await isMarked(page, "But late", "pending");
    expect((await ram.delete(`/api/messages/conversations/${id}`)).status).toBe(204);
    await context.setOffline(false);
    await isMarked(page, "Yes", "failed");
    await isMarked(page, "But late", "failed");
    await row(page, "Yes").getByText("Not sent. The other person has left this conversation.").waitFor();
    await entry(page, id).getByText("Not sent").waitFor({ state: "attached" });

    // Refused for good is not tried by itself, not even by a new page.
    await page.reload();
    await isMarked(page, "But late", "failed");
    // In vain with nobody there: the words can be taken along, or given up.
    const offered = () => row(page, "But late").locator(".refused").getByRole("button").allTextContents();
    expect(await offered()).toEqual(["Copy", "Discard"]);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await row(page, "But late").getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), { timeout: PATIENCE_MS }).toBe(
      "But late",
    );
    await row(page, "But late").getByRole("button", { name: "Discard" }).click();
    await row(page, "But late").waitFor({ state: "detached" });
    expect((await ram.open(sita)).id).toBe(id);
    await field(page).waitFor();
    await row(page, "Yes").getByRole("button", { name: "Try again" }).click();
    await sees(page, "Yes");
    await page.reload();
    await sees(page, "Yes");
    expect(await shown(page)).toEqual(["Are you coming?", "Yes"]);
    expect(await stored(sita, id)).toEqual(["Are you coming?", "Yes"]);
  });
});
