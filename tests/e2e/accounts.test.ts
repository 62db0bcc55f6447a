// Own accounts in a real browser: from signing up to the first message on a phone; theme, password, sessions, invitations.
import { SignJWT } from "jose";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createTestServer, PASSWORD, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";

const PATIENCE_MS = 30_000;
const SITE_SECRET = "a secret of the site, 32 bytes or more";
const SETTINGS = "/en/messages/settings";

describe.skipIf(chromiumPath === null)("accounts and settings", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const stranger = async (
    path: string,
    options: BrowserContextOptions = {},
    to: TestServer = server,
  ): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: DESKTOP, ...options })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${to.url}${path}`);
    return page;
  };
  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  };
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const toast = (page: Page, text: string) => page.locator(".toasts").getByText(text).waitFor();
  const isIn = async (person: Person) => (await person.get("/api/me")).status === 200;
  const theme = (page: Page) => page.evaluate(() => document.documentElement.dataset.theme ?? null);
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  /** The user name is what a person signs in with, and the tests' people have made-up ones. */
  const username = (person: Person) => person.me.username!;

  it("on a phone: a stranger signs up, is told plainly what is wrong, finds somebody and writes", async () => {
    const [ram] = await people(server, "Ram Thapa") as [Person];
    const page = await stranger("/en/messages", { viewport: PHONE, hasTouch: true, isMobile: true });
    await press(page, "New here? Create an account");
    await fill(page, { "Your name": "Sita Gurung", "User name": username(ram), "Password": "short" });
    await press(page, "Create account");
    await page.getByRole("alert").getByText("Something here is not accepted.").waitFor();
    expect(await page.getByLabel("Password", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe("password");
    await fill(page, { "Password": "five quiet words in a row" });
    await press(page, "Create account");
    await page.getByRole("alert").getByText("This user name is taken. Choose another.").waitFor();
    await fill(page, { "User name": "sita" });
    await press(page, "Create account");

    await page.getByRole("link", { name: "New conversation" }).first().click();
    await page.getByLabel("Search people by name").fill("ram");
    await page.getByRole("button", { name: "Ram Thapa" }).click();
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("Namaste, is the bike still there?");
    await press(page, "Send");
    await page.getByRole("log").locator("[data-seq]").filter({ hasText: "Namaste, is the bike" }).waitFor();
    const { conversations } = (await ram.get("/api/messages/conversations")).body;
    expect(conversations[0].lastMessage.body).toBe("Namaste, is the bike still there?");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.close();
  });

  it("a wrong password is refused without telling which of the two is wrong; too many attempts say how long to wait", async () => {
    const [sita] = await people(server, "Sita Gurung") as [Person];
    const page = await stranger("/en/messages");
    await fill(page, { "User name": username(sita), "Password": "not this one" });
    await press(page, "Sign in");
    await page.getByRole("alert").getByText("The user name or the password is wrong.").waitFor();
    for (let attempt = 0; attempt < 20; attempt++) {
      const wrong = { username: username(sita), password: "nor this one" };
      await page.request.post(`${server.url}/api/sessions`, { data: wrong, headers: { origin: server.url } });
    }
    await press(page, "Sign in");
    await page.getByRole("alert").getByText(/Try again in \d+ (second|minute)/).waitFor();
    await page.close();
  });

  it("the theme is kept for this device, and stands before the first paint of the next visit", async () => {
    const [sita] = await people(server, "Sita Gurung") as [Person];
    const page = await visit(browser, server, sita, { path: SETTINGS });
    const light = await ground(page);
    await page.getByLabel("Dark", { exact: true }).check();
    expect(await theme(page)).toBe("dark");
    const dark = await ground(page);
    expect(dark).not.toBe(light);
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => document.body !== null);
    expect(await theme(page)).toBe("dark");
    await page.getByLabel("Dark", { exact: true }).waitFor();
    expect(await page.getByLabel("Dark", { exact: true }).isChecked()).toBe(true);
    expect(await ground(page)).toBe(dark);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.getByLabel("Light", { exact: true }).check();
    expect(await ground(page)).toBe(light);
    await page.getByLabel("System", { exact: true }).check();
    expect(await theme(page)).toBe(null);
    expect(await ground(page)).toBe(dark);
    await page.close();
  });

  it("name, language and presence are changed, and others see it", async () => {
    const [sita] = await people(server, "Sita Gurung") as [Person];
    const page = await visit(browser, server, sita, { path: SETTINGS });
    await fill(page, { "Your name": "Sita Gurung Rai" });
    await press(page, "Save name");
    await toast(page, "Saved");
    await page.getByRole("switch", { name: "Show when I am here" }).uncheck();
    await page.waitForFunction(() => document.querySelector("[role=switch][aria-label^=Show]:not(:checked)"));
    await page.getByLabel("Language", { exact: true }).selectOption("ne");
    await page.getByRole("heading", { name: "सेटिङ", exact: false }).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("ne");
    await page.waitForURL("**/ne/messages/settings");
    await page.reload();
    await page.getByText("Sita Gurung Rai").first().waitFor();
    const { me } = (await sita.get("/api/me")).body;
    expect([me.name, me.hidesPresence, me.locale]).toEqual(["Sita Gurung Rai", true, "ne"]);
    await page.close();
  });

  it("a changed password ends the other sessions; the old one opens nothing any more", async () => {
    const [sita] = await people(server, "Sita Gurung") as [Person];
    const elsewhere = await stranger("/en/messages");
    await fill(elsewhere, { "User name": username(sita), "Password": PASSWORD });
    await press(elsewhere, "Sign in");
    await elsewhere.getByRole("heading", { name: "Messages" }).waitFor();

    const page = await visit(browser, server, sita, { path: SETTINGS });
    await fill(page, { "Current password": "not this one", "New password": "a rather better password" });
    await press(page, "Change password");
    await page.getByText("The current password is wrong.").waitFor();
    await fill(page, { "Current password": PASSWORD });
    await press(page, "Change password");
    await toast(page, "Your password is changed");
    expect(await page.getByLabel("Current password", { exact: true }).inputValue()).toBe("");

    // Cut off without a reload: the server ends what the session holds open.
    await elsewhere.getByRole("heading", { name: "Welcome back" }).waitFor();
    await fill(elsewhere, { "User name": username(sita), "Password": PASSWORD });
    await press(elsewhere, "Sign in");
    await elsewhere.getByText("The user name or the password is wrong.").waitFor();
    await fill(elsewhere, { "Password": "a rather better password" });
    await press(elsewhere, "Sign in");
    await elsewhere.getByRole("heading", { name: "Messages" }).waitFor();
    expect(await isIn(sita)).toBe(true);
    await Promise.all([page.close(), elsewhere.close()]);
  });

  it("sessions are listed with this one first, and end one by one or all but this", async () => {
    const [sita] = await people(server, "Sita Gurung") as [Person];
    const others: Page[] = [];
    for (let n = 0; n < 2; n++) {
      const other = await stranger("/en/messages");
      await fill(other, { "User name": username(sita), "Password": PASSWORD });
      await press(other, "Sign in");
      await other.getByRole("heading", { name: "Messages" }).waitFor();
      others.push(other);
    }
    const page = await visit(browser, server, sita, { path: SETTINGS });
    const rows = page.locator(".session");
    await page.waitForFunction(() => document.querySelectorAll(".session").length === 3);
    expect(await rows.first().getByText("This device").count()).toBe(1);
    await rows.last().getByRole("button", { name: /^Sign out/ }).click();
    await page.waitForFunction(() => document.querySelectorAll(".session").length === 2);
    await press(page, "Sign out all other devices");
    await page.waitForFunction(() => document.querySelectorAll(".session").length === 1);
    for (const other of others) await other.getByRole("heading", { name: "Welcome back" }).waitFor();
    expect(await isIn(sita)).toBe(true);
    await Promise.all([page, ...others].map((each) => each.close()));
  });

  it("where accounts are by invitation, the owner's link lets one person in", async () => {
    const closed = await createTestServer({ environment: { SIGNUP: "invite" } });
    try {
      const owner = await stranger("/en/messages", {}, closed);
      await owner.getByRole("heading", { name: "Welcome to your new Chautari" }).waitFor();
      await fill(owner, { "Your name": "Maya", "User name": "maya", "Password": "a password for maya" });
      await press(owner, "Create account");
      await owner.getByRole("link", { name: "New conversation" }).first().waitFor();
      await owner.goto(`${closed.url}${SETTINGS}`);
      await press(owner, "Make an invitation link");
      const link = await owner.getByLabel("Invitation link").inputValue();
      expect(new URL(link).origin).toBe(closed.url);

      const uninvited = await stranger("/en/messages", {}, closed);
      await uninvited.getByText("New accounts are by invitation.").waitFor();
      const guest = await stranger(link.slice(closed.url.length), {}, closed);
      await guest.getByText("You have an invitation.").waitFor();
      await fill(guest, { "Your name": "Hari", "User name": "hari", "Password": "a password for hari" });
      await press(guest, "Create account");
      await guest.getByRole("heading", { name: "Messages" }).waitFor();
      expect(guest.url()).not.toContain("invite");
      await guest.goto(`${closed.url}${SETTINGS}`);
      await guest.getByRole("heading", { name: "Privacy" }).waitFor();
      expect(await guest.getByText("Invite somebody").count()).toBe(0);

      const late = await stranger(link.slice(closed.url.length), {}, closed);
      await fill(late, { "Your name": "Late", "User name": "late", "Password": "a password for late" });
      await press(late, "Create account");
      await late.getByText("This invitation was used, has ended or is not known.").waitFor();
      await Promise.all([owner, uninvited, guest, late].map((page) => page.close()));
    } finally {
      await closed.close();
    }
  });

  it("where the site keeps the accounts, the settings leave name, password, sessions and signing out to it", async () => {
    const hosted = await createTestServer({
      environment: {
        JWT_SECRET: SITE_SECRET,
        JWT_ISSUER: "bazaar",
        JWT_AUDIENCE: "chautari",
        JWT_COOKIE: "bazaar_token",
        SIGN_IN_URL: "https://bazaar.example/login",
      },
    });
    const context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS);
    try {
      const token = await new SignJWT({ sub: "42", name: "Ram of the bazaar" }).setProtectedHeader({ alg: "HS256" })
        .setIssuer("bazaar").setAudience("chautari").setExpirationTime("5m")
        .sign(new TextEncoder().encode(SITE_SECRET));
      await context.addCookies([{ name: "bazaar_token", value: token, url: hosted.url }]);
      const page = await context.newPage();
      await page.goto(`${hosted.url}${SETTINGS}`);
      await page.getByText("Your name and picture come from the site").waitFor();
      await page.getByText("Ram of the bazaar").first().waitFor();
      expect(await page.locator(".settings h2").allTextContents())
        .toEqual(["You", "On this device", "Privacy", "Help and about"]);
      expect(await page.locator(".settings input:is([type=password], [name=name])").count()).toBe(0);
      expect(await page.getByRole("button", { name: /Sign out/ }).count()).toBe(0);
      // What is the person's own stays theirs to choose.
      await page.getByLabel("Language").selectOption("ne");
      await page.waitForFunction(() => document.documentElement.lang === "ne");
      expect(new URL(page.url()).pathname).toBe("/ne/messages/settings");
      await page.getByRole("radio").nth(2).check();
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");

      await context.clearCookies();
      await page.goto(`${hosted.url}/en/messages`);
      expect(await page.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe(
        "https://bazaar.example/login",
      );
    } finally {
      await context.close();
      await hosted.close();
    }
  });

  it("? shows the shortcuts, Escape leaves them, and the focus is where it was", async () => {
    const [sita, ram] = await people(server, "Sita Gurung", "Ram Thapa") as [Person, Person];
    const { id } = await sita.open(ram);
    await ram.send(id, "Namaste");
    const page = await visit(browser, server, sita);
    const row = page.locator(".rows [data-id]").first();
    await row.focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Begin a new line").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.close();
  });
});
