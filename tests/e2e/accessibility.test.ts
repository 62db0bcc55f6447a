// axe-core finds nothing wrong on any screen or state of the page, in the light theme and in the dark one.
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";

const PATIENCE_MS = 30_000;
const LISTING = {
  id: "bike-7",
  title: "Red mountain bike, two years old",
  url: "https://bazaar.example/bike-7",
  price: 18500,
  currency: "NPR",
};

/** In the page: what is wrong, as rule, why, and where. */
async function violations(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- put there by the script that was run in the page before
    const { axe } = globalThis as any;
    const found = await axe.run(document, {
      resultTypes: ["violations"],
      // Off by itself, as WCAG 2.2 is young.
      rules: { "target-size": { enabled: true } },
    });
    // deno-lint-ignore no-explicit-any -- as above
    return found.violations.flatMap(({ id, nodes }: any) =>
      // deno-lint-ignore no-explicit-any -- as above
      nodes.map(({ target, failureSummary }: any) => `${id}: ${target.join(" ")}: ${failureSummary}`)
    );
  });
}

describe.skipIf(chromiumPath === null)("accessibility", { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  let sita: Person;
  let direct: string;
  let group: string;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
    const [me, ram, gita, hari] = await people(server, "Sita Gurung", "राम बहादुर", "Gita Rai", "Hari Lama") as [
      Person,
      Person,
      Person,
      Person,
    ];
    sita = me;
    await server.sql`update users set role = 'owner' where id = ${sita.me.id}`;
    const opened = await ram.post("/api/messages/conversations", {
      kind: "direct",
      to: { id: sita.me.id },
      listing: LISTING,
    });
    direct = opened.body.conversation.id;
    await ram.send(direct, "नमस्ते! Is it https://bazaar.example/bike-7 or 01-4412345?");
    await sita.send(direct, "It is. Come and see it.");
    await ram.send(direct, "🎉");
    const edited = await sita.send(direct, "On Friday");
    await sita.patch(`/api/messages/conversations/${direct}/messages/${edited.seq}`, { body: "On Saturday" });
    const deleted = await sita.send(direct, "Oh no");
    await sita.delete(`/api/messages/conversations/${direct}/messages/${deleted.seq}`);
    await ram.send(direct, "A long answer. ".repeat(120));
    group = (await sita.group("Tea on Friday", ram, gita, hari)).id;
    await gita.send(group, "Who brings the biscuits?");
    await hari.send(group, "I do.");
    const archived = await sita.open(hari);
    await hari.send(archived.id, "Old talk");
    const moved = await sita.put(`/api/messages/conversations/${archived.id}/archive`, { archived: true });
    expect(moved.status).toBe(200);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Painted in the new colours, and those that change over a moment have arrived. */
  const settled = (page: Page) =>
    page.evaluate(async () => {
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
    });

  const script = axe.source;
  /** The state that the page is in, in both themes. */
  async function holds(page: Page, state: string): Promise<void> {
    if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(script);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // A busy browser may still be at the old colours of some elements: what is really wrong is wrong once more.
      let found: string[] = [];
      for (let looks = 0; looks === 0 || found.length > 0 && looks < 3; looks++) {
        await settled(page);
        found = await violations(page);
      }
      expect(found, `${state}, ${colorScheme}`).toEqual([]);
    }
  }

  const stranger = async (path: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: PHONE })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${server.url}${path}`);
    return page;
  };
  const open = (path: string, viewport = DESKTOP) => visit(browser, server, sita, { path, viewport });
  const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();

  it("holds where nobody is signed in", async () => {
    const page = await stranger("/en/messages");
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await holds(page, "sign in");
    await page.getByLabel("User name").fill("nobody");
    await page.getByLabel("Password", { exact: true }).fill("not a password of anybody");
    await press(page, "Sign in");
    await page.getByRole("alert").getByText("The user name or the password is wrong.").waitFor();
    await holds(page, "sign in, refused");
    await press(page, "New here? Create an account");
    await holds(page, "sign up");
    await page.getByLabel("Your name").fill("N");
    await page.getByLabel("User name").fill("!");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await press(page, "Create account");
    await page.getByRole("alert").getByText("Something here is not accepted.").waitFor();
    await holds(page, "sign up, refused");
    await page.context().close();
  });

  it("holds for somebody who has just come", async () => {
    const [newcomer] = await people(server, "Newcomer") as [Person];
    const page = await visit(browser, server, newcomer);
    await page.getByText("It is quiet under the tree").waitFor();
    await holds(page, "empty list");
    await page.close();
  });

  it("holds in the list: its menu, its row's menu, leaving, the search, the archive, on a phone", async () => {
    const page = await open("/en/messages");
    await page.locator(".rows [data-id]").first().waitFor();
    await holds(page, "list");
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await holds(page, "menu");
    await page.keyboard.press("Escape");
    await page.locator("li").filter({ hasText: "Tea on Friday" }).hover();
    await press(page, "Options for Tea on Friday");
    await holds(page, "row menu");
    await page.getByRole("menuitem", { name: "Leave" }).click();
    await page.getByRole("dialog").waitFor();
    await holds(page, "leave");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Search conversations and people" }).fill("ra");
    await page.getByRole("heading", { name: "People" }).waitFor();
    await holds(page, "search");
    await page.getByRole("searchbox", { name: "Search conversations and people" }).fill("xyzzy");
    await page.getByText("Nothing found for").first().waitFor();
    await holds(page, "search, nothing");
    await page.goto(`${server.url}/en/messages/archived`);
    await page.locator(".rows [data-id]").first().waitFor();
    await holds(page, "archive");
    await page.close();
    const phone = await open("/en/messages", PHONE);
    await phone.locator(".rows [data-id]").first().waitFor();
    await holds(phone, "list on a phone");
    await phone.close();
  });

  it("holds in a conversation: its messages, their menu, editing, deleting, emoji, details", async () => {
    const page = await open(`/en/messages/${direct}`);
    await page.getByRole("log").locator("[data-seq]").last().waitFor();
    await holds(page, "direct conversation");
    const own = page.getByRole("log").locator("[data-seq]").filter({ hasText: "Come and see it" });
    await own.hover();
    await own.getByRole("button").first().click();
    await page.getByRole("menu").waitFor();
    await holds(page, "message menu");
    await page.getByRole("menuitem", { name: /^Edit/ }).click();
    await page.getByText("Editing your message").waitFor();
    await holds(page, "editing");
    await page.keyboard.press("Escape");
    await own.hover();
    await own.getByRole("button").first().click();
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    await page.getByRole("dialog").waitFor();
    await holds(page, "delete");
    await page.keyboard.press("Escape");
    await press(page, "Emoji");
    await page.getByLabel("Search emoji").waitFor();
    await holds(page, "emoji");
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("x".repeat(4010));
    await holds(page, "too long");
    await page.goto(`${server.url}/en/messages/${direct}/details`);
    await page.getByRole("heading", { name: "About this person" }).waitFor();
    await holds(page, "details of a person");
    await page.goto(`${server.url}/en/messages/${group}/details`);
    await page.getByRole("heading", { name: "About the group" }).waitFor();
    await page.locator(".member").first().waitFor();
    await holds(page, "details of a group");
    await press(page, "Add people");
    await page.getByRole("dialog").waitFor();
    await holds(page, "add people");
    await page.close();
    const phone = await open(`/en/messages/${group}`, PHONE);
    await phone.getByRole("log").locator("[data-seq]").last().waitFor();
    await holds(phone, "group on a phone");
    await phone.close();
  });

  it("holds where a conversation begins", async () => {
    const page = await open("/en/messages/new");
    await page.getByLabel("Search people by name").fill("gita");
    await page.getByRole("button", { name: "Gita Rai" }).waitFor();
    await holds(page, "new conversation");
    await press(page, "New group");
    await press(page, "Create group");
    await page.getByText("Give the group a name.").waitFor();
    await holds(page, "new group");
    await page.close();
  });

  it("holds in the settings and the shortcuts", async () => {
    const page = await open("/en/messages/settings");
    await page.locator(".session").first().waitFor();
    await press(page, "Make an invitation link");
    await page.getByLabel("Invitation link").waitFor();
    await holds(page, "settings");
    await page.getByLabel("Current password", { exact: true }).fill("not this one");
    await page.getByLabel("New password", { exact: true }).fill("short");
    await press(page, "Change password");
    await page.getByRole("alert").filter({ hasText: /./ }).first().waitFor();
    await holds(page, "settings, refused");
    await press(page, "Keyboard shortcuts");
    await page.getByRole("dialog").waitFor();
    await holds(page, "shortcuts");
    await page.close();
    const phone = await open("/en/messages/settings", PHONE);
    await phone.locator(".session").first().waitFor();
    await holds(phone, "settings on a phone");
    await phone.close();
  });

  it("holds when things go wrong: offline, not sent, not loaded, not there", async () => {
    const page = await open(`/en/messages/${direct}`);
    await page.getByRole("log").locator("[data-seq]").last().waitFor();
    await page.context().setOffline(true);
    await page.getByText("You are offline.").waitFor();
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("Into the tunnel");
    await page.keyboard.press("Enter");
    await page.getByText("Into the tunnel").first().waitFor();
    await holds(page, "offline, with a message waiting");
    await page.locator("li").filter({ hasText: "Tea on Friday" }).hover();
    await press(page, "Options for Tea on Friday");
    await page.getByRole("menuitem", { name: "Mark as unread" }).or(page.getByRole("menuitem", { name: "Archive" }))
      .first()
      .click();
    await page.locator(".toast").first().waitFor();
    await holds(page, "a notice");
    await page.context().close();

    const [leaver] = await people(server, "Someone who leaves") as [Person];
    const { id } = await leaver.open(sita);
    await leaver.send(id, "Goodbye");
    const late = await open(`/en/messages/${id}`);
    await late.getByRole("log").locator("[data-seq]").last().waitFor();
    await late.context().setOffline(true);
    await late.getByText("You are offline.").waitFor();
    await late.getByRole("textbox", { name: "Message", exact: true }).fill("Wait!");
    await late.keyboard.press("Enter");
    await late.getByText("Wait!").first().waitFor();
    expect((await leaver.delete(`/api/messages/conversations/${id}`)).status).toBe(204);
    await late.context().setOffline(false);
    await late.getByText("Not sent.").first().waitFor();
    await late.getByText("The other person has left this conversation.").first().waitFor();
    await holds(late, "not sent, and nobody to write to");
    await late.context().close();

    const gone = await open("/en/messages/019a0000-0000-7000-8000-000000000000");
    await gone.getByText("This conversation does not exist").waitFor();
    await holds(gone, "no such conversation");
    await gone.close();

    const [other] = await people(server, "Somebody else") as [Person];
    const failing = await visit(browser, server, other, { path: "/en/messages/settings" });
    await failing.route("**/api/messages/conversations*", (route) => route.fulfill({ status: 503, body: "" }));
    await failing.goto(`${server.url}/en/messages`);
    await failing.getByText("The conversations could not be loaded.").waitFor();
    await holds(failing, "list not loaded");
    await failing.close();
  });

  it.each(["ne", "hi", "ar"])("holds in %s", async (lang) => {
    const page = await open(`/${lang}/messages/${group}`);
    await page.getByRole("log").locator("[data-seq]").last().waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe(lang === "ar" ? "rtl" : "ltr");
    await holds(page, `group in ${lang}`);
    await page.close();
  });
});
