// What somebody writes arrives, once, whatever happens to the network, the page and the server; in a real browser.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { type Program, startProgram } from "../helpers/program.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";

const PATIENCE_MS = 15_000;

describe.skipIf(chromiumPath === null)("what one writes", () => {
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
    context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS);
    const value = sita.cookie!.slice(SESSION_COOKIE.length + 1);
    await context.addCookies([{ name: SESSION_COOKIE, value, url: server.url }]);
  });
  afterEach(() => context.close());

  const open = async (path = `/en/messages/${id}`): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${server.url}${path}`);
    return page;
  };
  const box = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
  const write = async (page: Page, text: string) => {
    await box(page).fill(text);
    await box(page).press("Enter");
  };
  const row = (page: Page, text: string) => page.getByRole("log").locator("[data-key]").filter({ hasText: text });
  const sent = (page: Page, text: string) =>
    page.getByRole("log").locator("[data-seq]").filter({ hasText: text }).waitFor();
  const stored = async () => {
    const { body } = await ram.get(`/api/messages/conversations/${id}/messages`);
    return body.messages.map((message: { body: string }) => message.body);
  };
  const isLookedAfter = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  it("without a network survives a reload, and is sent once when the network is back", async () => {
    await ram.send(id, "Are you coming?");
    const page = await open();
    await sent(page, "Are you coming?");
    await isLookedAfter(page);
    await context.setOffline(true);
    await write(page, "On my way");
    await row(page, "On my way").waitFor();
    await page.reload();
    await sent(page, "Are you coming?");
    await row(page, "On my way").waitFor();
    expect(await stored()).toEqual(["Are you coming?"]);
    await context.setOffline(false);
    await sent(page, "On my way");
    expect(await stored()).toEqual(["Are you coming?", "On my way"]);
    expect(await row(page, "On my way").count()).toBe(1);
  });

  it("survives a crash of the page in which it was written", async () => {
    const page = await open();
    await box(page).waitFor();
    await context.setOffline(true);
    await write(page, "Written before the crash");
    await row(page, "Written before the crash").waitFor();
    await page.goto("chrome://crash").catch(() => {});
    await page.close();
    await context.setOffline(false);
    // At the list, so that nobody looks at the conversation.
    await open("/en/messages");
    await expect.poll(stored, { timeout: PATIENCE_MS }).toEqual(["Written before the crash"]);
  });

  it("in two tabs is sent once, in order, and shown in both", async () => {
    const [one, two] = [await open(), await open()];
    await Promise.all([box(one).waitFor(), box(two).waitFor()]);
    await context.setOffline(true);
    for (const text of ["one", "two", "three"]) {
      await write(one, `first tab ${text}`);
      await write(two, `second tab ${text}`);
    }
    for (const page of [one, two]) await row(page, "first tab three").waitFor();
    for (const page of [one, two]) await row(page, "second tab three").waitFor();
    // The tab that may be the one that sends is gone.
    await two.close();
    await context.setOffline(false);
    await sent(one, "second tab three");
    const all = await stored();
    expect(all).toHaveLength(6);
    for (const tab of ["first", "second"]) {
      const own = all.filter((body: string) => body.startsWith(tab));
      expect(own).toEqual(["one", "two", "three"].map((text) => `${tab} tab ${text}`));
    }
    await row(one, "second tab one").waitFor();
    expect(await row(one, "second tab one").count()).toBe(1);
  });

  it("is kept as a draft over a reload", async () => {
    const page = await open();
    await box(page).fill("half a thought");
    await page.reload();
    await box(page).waitFor();
    expect(await box(page).inputValue()).toBe("half a thought");
  });
});

describe.skipIf(chromiumPath === null)("a server that is killed", () => {
  it("gets what was written meanwhile once it is back, each message once and in order", async () => {
    const directory = await Deno.makeTempDir({ prefix: "chautari-killed-" });
    const settings = (port: string) => ({ DATA_DIR: `${directory}/data`, PORT: port, LOG_LEVEL: "warn" });
    const browser = await launchBrowser();
    let program: Program = await startProgram(settings("0"));
    try {
      const context = await browser.newContext({ viewport: DESKTOP });
      context.setDefaultTimeout(PATIENCE_MS * 2);
      const page = await context.newPage();
      await page.goto(`${program.url}/en/messages`);
      const id = await page.evaluate(async () => {
        const post = async (path: string, body: unknown) => {
          const headers = { "content-type": "application/json" };
          return await (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
        };
        await post("/api/accounts", { username: "sita", name: "Sita", password: "a password for the test" });
        const { conversation } = await post("/api/messages/conversations", { kind: "group", title: "Tea at five" });
        return conversation.id as string;
      });
      await page.goto(`${program.url}/en/messages/${id}`);
      const box = page.getByRole("textbox", { name: "Message", exact: true });
      const write = async (text: string) => {
        await box.fill(text);
        await box.press("Enter");
      };
      await write("message 1");
      // Under way, not yet answered, or not yet sent: whichever it is.
      for (let n = 2; n <= 6; n++) await write(`message ${n}`);
      await program.kill("SIGKILL");
      for (let n = 7; n <= 9; n++) await write(`message ${n}`);
      program = await startProgram(settings(new URL(program.url).port));
      await page.getByRole("log").locator("[data-seq]").filter({ hasText: "message 9" }).waitFor();
      const bodies = await page.evaluate(async (id) => {
        const answer = await fetch(`/api/messages/conversations/${id}/messages`);
        return (await answer.json()).messages.flatMap(({ body }: { body: string | null }) => body ?? []) as string[];
      }, id);
      expect(bodies).toEqual(Array.from({ length: 9 }, (_, index) => `message ${index + 1}`));
      await context.close();
    } finally {
      await browser.close();
      await program.kill("SIGTERM");
      await Deno.remove(directory, { recursive: true });
    }
  }, 90_000);
});
