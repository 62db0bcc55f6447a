// What two people see of each other while both have the page open: here, typing, delivered, read, changed, unread.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchBrowser } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { entry, field, head, isMarked, log, PATIENCE_MS, row, sees, shown, stored, write } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("two people at once", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([
      launchBrowser(),
      // Who leaves is gone at once: nothing to wait for.
      createTestServer({ timings: { presenceGraceMs: 0 } }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  async function pair() {
    const [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    const { id } = await sita.open(ram);
    return { sita, ram, id, path: `/en/messages/${id}` };
  }
  const titleIs = (page: Page, title: string) => page.waitForFunction((title) => document.title === title, title);
  const end = (...pages: Page[]) => Promise.all(pages.map((page) => page.context().close()));

  it("see who is here and who types, in the head and in the list, and when that ends", async () => {
    const { sita, ram, id, path } = await pair();
    const hers = await visit(browser, server, sita, { path });
    await field(hers).waitFor();
    const dots = hers.locator(".presence-online");
    expect(await dots.count()).toBe(0);

    const his = await visit(browser, server, ram, { path });
    await head(hers).getByText("Online").waitFor();
    await head(hers).locator(".presence-online").waitFor();
    await field(his).pressSequentially("I");
    await head(hers).getByText("typing…").waitFor();
    // Nothing was said yet, so that it is not in the list; a message brings it there.
    await field(his).press("Backspace");
    await head(hers).getByText("typing…").waitFor({ state: "detached" });
    await write(his, "Namaste");
    await entry(hers, id).locator(".presence-online").waitFor();
    await field(his).pressSequentially("And");
    await entry(hers, id).getByText("typing…").waitFor();

    await end(his);
    await entry(hers, id).getByText("Namaste").waitFor();
    await head(hers).getByText(/^Last seen/).waitFor();
    await expect.poll(() => dots.count(), { timeout: PATIENCE_MS }).toBe(0);
    await end(hers);
  });

  it("see each message come as far as it has: waiting, sent, delivered, read", async () => {
    const { sita, ram, path } = await pair();
    const hers = await visit(browser, server, sita, { path });
    await field(hers).waitFor();
    await hers.context().setOffline(true);
    await write(hers, "Is it still there?");
    await isMarked(hers, "Is it still there?", "pending");
    await hers.context().setOffline(false);
    await isMarked(hers, "Is it still there?", "sent");

    const his = await visit(browser, server, ram);
    await isMarked(hers, "Is it still there?", "delivered");
    await his.getByText("Sita Gurung").first().click();
    await sees(his, "Is it still there?");
    await isMarked(hers, "Is it still there?", "read");
    await row(hers, "Is it still there?").getByText("Read", { exact: true }).waitFor({ state: "attached" });
    await end(hers, his);
  });

  it("see the same after one has changed a message and deleted another", async () => {
    const { sita, ram, id, path } = await pair();
    const [hers, his] = await Promise.all([sita, ram].map((one) => visit(browser, server, one, { path })));
    await Promise.all([field(hers!).waitFor(), field(his!).waitFor()]);
    await write(hers!, "It costs 500");
    await sees(his!, "It costs 500");
    await write(his!, "Said too quickly");
    await sees(hers!, "Said too quickly");

    await field(hers!).press("ArrowUp");
    await field(hers!).fill("It costs 600");
    await field(hers!).press("Enter");
    await row(his!, "It costs 600").getByText("edited").waitFor();

    await row(his!, "Said too quickly").hover();
    await row(his!, "Said too quickly").getByRole("button", { name: "What to do with this message" }).click();
    await his!.getByRole("menuitem", { name: "Delete" }).click();
    await his!.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await log(hers!).getByText("This message was deleted").waitFor();
    await log(his!).getByText("This message was deleted").waitFor();

    for (const page of [hers!, his!]) expect(await shown(page)).toEqual(["It costs 600", "This message was deleted"]);
    await Promise.all([hers!.reload(), his!.reload()]);
    for (const page of [hers!, his!]) {
      await log(page).getByText("This message was deleted").waitFor();
      expect(await shown(page)).toEqual(["It costs 600", "This message was deleted"]);
    }
    expect(await stored(ram, id)).toEqual(["It costs 600", null]);
    await end(hers!, his!);
  });

  it("a message that changes no count leaves title and icon alone", async () => {
    const { sita, ram, id, path } = await pair();
    const page = await visit(browser, server, sita, { path });
    await field(page).waitFor();
    await page.evaluate(() => {
      const changes: string[] = [];
      Object.assign(globalThis, { changes });
      new MutationObserver((records) => changes.push(...records.map(({ target }) => target.nodeName)))
        .observe(document.head, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    const changed = () => page.evaluate(() => (globalThis as unknown as { changes: string[] }).changes.length);
    await sita.send(id, "Sent elsewhere by me");
    await sees(page, "Sent elsewhere by me");
    expect(await changed()).toBe(0);
    const other = await ram.group("Tea", sita);
    await ram.send(other.id, "Who comes?");
    await page.waitForFunction(() => document.title.startsWith("("));
    expect(await changed()).toBeGreaterThan(0);
    await end(page);
  });

  it("are told how many messages are unread, in the list and the title, until they are read on any device", async () => {
    const { sita, ram, id } = await pair();
    const [his, onHisPhone] = await Promise.all([visit(browser, server, ram), visit(browser, server, ram)]);
    const hers = await visit(browser, server, sita, { path: `/en/messages/${id}` });
    for (const text of ["one", "two", "three"]) await write(hers, text);
    for (const page of [his, onHisPhone]) {
      await entry(page, id).locator(".badge").getByText("3 unread messages").waitFor({ state: "attached" });
      await entry(page, id).getByText("three").waitFor();
      await titleIs(page, "(3) Messages · Chautari");
    }
    await entry(his, id).click();
    await sees(his, "three");
    for (const page of [his, onHisPhone]) {
      await entry(page, id).locator(".badge").waitFor({ state: "detached" });
      await titleIs(page, "Messages · Chautari");
    }
    await expect.poll(async () => (await ram.get("/api/messages/unread-count")).body, { timeout: PATIENCE_MS })
      .toEqual({ unread: 0, conversations: 0 });
    await end(hers, his, onHisPhone);
  });
});
