// Groups and new conversations in a real browser: made, changed and left; begun with one person, by keys, by a link.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { PATIENCE_MS } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("groups and new conversations", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const title = (page: Page, name: string) => page.locator(".conversation").getByRole("heading", { name }).waitFor();
  const begin = (page: Page) => page.getByRole("link", { name: "New conversation" }).first().click();
  const find = (page: Page, name: string) => page.getByLabel("Search people by name").fill(name);
  const person = (page: Page, name: string) => page.getByRole("list", { name: "People" }).getByRole("button", { name });
  const member = (page: Page, name: string) => page.locator(".member").filter({ hasText: name });
  const details = (page: Page) => page.getByRole("button", { name: "Details", exact: true });
  const write = async (page: Page, text: string) => {
    await page.getByRole("textbox", { name: "Message", exact: true }).fill(text);
    await page.getByRole("textbox", { name: "Message", exact: true }).press("Enter");
  };
  const sees = (page: Page, text: string) =>
    page.getByRole("log").locator("[data-seq]").filter({ hasText: text }).waitFor();
  /** What somebody may do in a conversation, as the server knows it. */
  const mayRead = async (who: Person, id: string) =>
    (await who.get(`/api/messages/conversations/${id}`)).status === 200;

  it("a group is made, grows, gets another admin and name, shrinks, and is left", async () => {
    const [sita, ram, gita, hari] = await people(server, "Sita Gurung", "Ram Thapa", "Gita Rai", "Hari Lama") as [
      Person,
      Person,
      Person,
      Person,
    ];
    const [a, b] = await Promise.all([
      visit(browser, server, sita),
      visit(browser, server, ram, { viewport: PHONE, hasTouch: true }),
    ]);

    await begin(a);
    await a.getByRole("button", { name: "New group" }).click();
    await a.getByRole("button", { name: "Create group" }).click();
    await a.getByText("Give the group a name.").waitFor();
    await a.getByLabel("Group name").fill("Tea on Friday");
    await a.getByRole("button", { name: "Create group" }).click();
    await a.getByText("Choose at least one person.").waitFor();
    await find(a, "ram");
    await person(a, "Ram Thapa").waitFor();
    await a.getByLabel("Search people by name").press("Enter");
    await find(a, "gita");
    await person(a, "Gita Rai").click();
    await a.getByRole("button", { name: "Remove Ram Thapa" }).waitFor();
    await a.getByLabel("Rose").check();
    await a.getByRole("button", { name: "Create group" }).click();
    await title(a, "Tea on Friday");
    await a.getByText("3 people").first().waitFor();
    const id = new URL(a.url()).pathname.split("/").at(-1)!;
    await write(a, "Who brings the biscuits?");
    await sees(a, "Who brings the biscuits?");

    await details(a).click();
    await a.getByRole("heading", { name: "About the group" }).waitFor();
    expect(await a.getByLabel("Rose").isChecked()).toBe(true);
    await a.getByRole("button", { name: "Add people" }).click();
    const dialog = a.getByRole("dialog");
    await dialog.getByLabel("Search people by name").fill("ra");
    await person(a, "Ram Thapa").and(a.locator("[aria-disabled=true]")).waitFor();
    await dialog.getByLabel("Search people by name").fill("hari");
    await person(a, "Hari Lama").click();
    await dialog.getByRole("button", { name: "Add 1 person" }).click();
    await member(a, "Hari Lama").waitFor();
    expect(await mayRead(hari, id)).toBe(true);

    await b.locator("[data-id]").filter({ hasText: "Tea on Friday" }).click();
    await title(b, "Tea on Friday");
    await details(b).click();
    await member(b, "Sita Gurung").getByText("Admin").waitFor();
    expect(await b.getByRole("button", { name: "Rename the group" }).count()).toBe(0);

    await a.getByRole("button", { name: "What to do with Ram Thapa" }).click();
    await a.getByRole("menuitem", { name: "Make an admin" }).click();
    await member(a, "Ram Thapa").getByText("Admin").waitFor();
    await b.getByRole("button", { name: "Rename the group" }).click();
    await b.getByLabel("Group name").fill("Tea on Saturday");
    await b.getByRole("button", { name: "Save" }).click();
    await title(a, "Tea on Saturday");

    await a.getByRole("button", { name: "What to do with Gita Rai" }).click();
    await a.getByRole("menuitem", { name: "Remove from the group" }).click();
    expect(await mayRead(gita, id)).toBe(true);
    await a.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await member(a, "Gita Rai").waitFor({ state: "detached" });
    expect(await mayRead(gita, id)).toBe(false);
    await member(b, "Gita Rai").waitFor({ state: "detached" });

    await a.locator(".details").getByRole("button", { name: "Leave", exact: true }).click();
    await a.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
    await a.getByText("Choose a conversation").waitFor();
    expect(await a.locator("[data-id]").filter({ hasText: "Tea on Saturday" }).count()).toBe(0);
    expect(await mayRead(sita, id)).toBe(false);
    expect(await mayRead(ram, id)).toBe(true);
    await a.close();
    await b.close();
  }, 90_000);

  it(
    "the people of open details are those of now, also when one has come for one who left, and more was said",
    async () => {
      const [sita, ram, gita, hari] = await people(server, "Sita Now", "Ram Now", "Gita Now", "Hari Now") as [
        Person,
        Person,
        Person,
        Person,
      ];
      const { id } = await ram.group("Tea now", sita, gita);
      const page = await visit(browser, server, sita, { path: `/en/messages/${id}/details` });
      await member(page, "Gita Now").waitFor();
      await page.context().setOffline(true);
      await page.getByText("You are offline.").waitFor();
      await gita.delete(`/api/messages/conversations/${id}`);
      const added = await ram.post(`/api/messages/conversations/${id}/participants`, {
        participants: [{ id: hari.me.id }],
      });
      expect(added.status).toBe(204);
      await ram.send(id, "Welcome, Hari");
      await page.context().setOffline(false);
      await sees(page, "Welcome, Hari");
      await member(page, "Hari Now").waitFor();
      await member(page, "Gita Now").waitFor({ state: "detached" });
      await page.close();
    },
    60_000,
  );

  it("a large group shows its people page by page; a member can write to them, no more", async () => {
    const names = Array.from({ length: 60 }, (_, n) => `Large ${n}`);
    const [maker, reader, ...others] = await people(server, "Sita Large", "Ram Large", ...names) as [Person, Person];
    const { id } = await maker.group("Everybody", reader, ...others);
    const page = await visit(browser, server, reader, { path: `/en/messages/${id}/details` });
    await page.getByRole("heading", { name: "62 people" }).waitFor();
    await page.getByRole("button", { name: "Show more people" }).click();
    await expect.poll(() => page.locator(".member").count(), { timeout: PATIENCE_MS }).toBe(62);
    expect(await page.getByRole("button", { name: "Show more people" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Add people" }).count()).toBe(0);
    await page.getByRole("button", { name: "What to do with Sita Large" }).click();
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Write to Sita Large"]);
    await page.getByRole("menuitem").click();
    await title(page, "Sita Large");
    await page.close();
  }, 60_000);

  it(
    "on a phone the details are a page: back leads to the conversation, and the keyboard stands where it was",
    async () => {
      const [sita, ram] = await people(server, "Sita Page", "Ram Page") as [Person, Person];
      const { id } = await sita.open(ram);
      const page = await visit(browser, server, sita, { viewport: PHONE, hasTouch: true });
      await page.locator("[data-id]").filter({ hasText: "Ram Page" }).click();
      await title(page, "Ram Page");
      await details(page).click();
      await page.getByRole("heading", { name: "About this person", level: 1 }).waitFor();
      expect(await page.getByRole("log").count()).toBe(0);
      expect(new URL(page.url()).pathname).toBe(`/en/messages/${id}/details`);

      await page.goBack();
      await title(page, "Ram Page");
      await details(page).click();
      await page.getByRole("button", { name: "Back to the conversation" }).click();
      await title(page, "Ram Page");
      await expect.poll(() => details(page).evaluate((button) => button === document.activeElement), {
        timeout: PATIENCE_MS,
      }).toBe(true);
      await page.goBack();
      await page.waitForURL("**/en/messages");
      await page.close();
    },
    60_000,
  );

  it("a conversation is begun by keys alone", async () => {
    const [sita] = await people(server, "Sita Keys", "Bina Keys", "Binod Keys") as [Person];
    const page = await visit(browser, server, sita, { path: "/en/messages/new" });
    await page.getByLabel("Search people by name").waitFor();
    await page.keyboard.type("keys");
    await person(page, "Bina Keys").waitFor();
    await page.keyboard.press("ArrowDown");
    const focused = () => page.evaluate(() => document.activeElement!.querySelector(".person-name")!.textContent!);
    const first = await focused();
    await page.keyboard.press("ArrowDown");
    expect([first, await focused()].sort()).toEqual(["Bina Keys", "Binod Keys"]);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await title(page, first);
    await page.close();
  }, 60_000);

  it("a link of a listing opens its conversation, twice the same one; the buyer sees what it is about", async () => {
    const [buyer, seller] = await people(server, "Maya Buyer", "Suresh Seller") as [Person, Person];
    const listing = new URLSearchParams({
      to: seller.me.id,
      listing: "ad-1207",
      title: "Trek 4300 mountain bike",
      price: "35000",
      currency: "NPR",
      url: "https://market.example/ads/1207",
      status: "reserved",
    });
    const page = await visit(browser, server, buyer, { path: `/en/messages/new?${listing}` });
    await title(page, "Suresh Seller");
    const card = page.getByRole("region", { name: "What this is about" }).first();
    await card.getByText("Trek 4300 mountain bike").waitFor();
    expect(await card.textContent()).toMatch(/35,000.*Reserved/);
    const link = card.getByRole("link");
    expect(await link.getAttribute("href")).toBe("https://market.example/ads/1207");
    expect(await link.getAttribute("rel")).toContain("noopener");
    await write(page, "Is it still there?");
    await sees(page, "Is it still there?");
    const opened = new URL(page.url()).pathname;

    await page.goto(`${server.url}/en/messages/new?${listing}`);
    await sees(page, "Is it still there?");
    expect(new URL(page.url()).pathname).toBe(opened);
    await page.close();
  }, 60_000);

  it("a link that leads to nobody says so in plain words", async () => {
    const [sita] = await people(server, "Sita Lost") as [Person];
    const page = await visit(browser, server, sita, {
      path: "/en/messages/new?to=019aaaaa-0000-7000-8000-000000000000",
    });
    await page.getByRole("alert").getByText("This person is no longer here.").waitFor();
    await page.goto(`${server.url}/en/messages/new?to=nonsense`);
    await page.getByRole("alert").getByText("The link is not complete.").waitFor();
    await page.getByRole("link", { name: "Search people by name" }).click();
    await page.getByLabel("Search people by name").waitFor();
    await page.close();
  }, 60_000);

  it("the head says who is here and who is typing; muted and brought back from the details", async () => {
    const [sita, ram] = await people(server, "Sita Head", "Ram Head") as [Person, Person];
    const { id } = await sita.open(ram);
    const path = `/en/messages/${id}`;
    const [a, b] = await Promise.all([
      visit(browser, server, sita, { path }),
      visit(browser, server, ram, { path }),
    ]);
    const head = a.locator(".head");
    await head.getByText("Online").waitFor();
    await b.getByRole("textbox", { name: "Message", exact: true }).pressSequentially("Hm");
    await head.getByText("typing…").waitFor();
    await b.getByRole("textbox", { name: "Message", exact: true }).fill("");
    await head.getByText("Online").waitFor();

    await details(a).click();
    await a.getByText(`@${ram.me.username}`).waitFor();
    await a.locator(".details").getByRole("button", { name: "Mute" }).click();
    await a.getByRole("menuitem", { name: "Mute always" }).click();
    await head.getByText("Muted").waitFor({ state: "attached" });
    await a.locator(".details").getByRole("button", { name: "Unmute" }).click();
    await head.getByText("Muted").waitFor({ state: "detached" });
    await a.close();
    await b.close();
  }, 60_000);
});
