// A page that is open while its server gets a new version: it is told, goes over by choice, and by itself where it must.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { type Front, openFront } from "../helpers/front.ts";
import { BUILD, laterBuild } from "../helpers/later_build.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { isLookedAfter, PATIENCE_MS, signIn } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("a new version", { timeout: 90_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let server: TestServer;
  let front: Front;
  let sita: Person;
  let directory: string;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    [sita] = await people(server, "Sita Gurung") as [Person];
    directory = await Deno.makeTempDir({ prefix: "chautari-version-" });
    front = await openFront(server, BUILD);
  });
  afterEach(async () => {
    await context.close();
    front.close();
    await Deno.remove(directory, { recursive: true });
  });

  async function open(serviceWorkers: "allow" | "block"): Promise<Page> {
    context = await browser.newContext({ viewport: DESKTOP, serviceWorkers });
    context.setDefaultTimeout(PATIENCE_MS);
    await signIn(context, front.url, sita);
    const page = await context.newPage();
    await page.goto(`${front.url}/en/messages`);
    await page.getByText("It is quiet under the tree").waitFor();
    return page;
  }
  const entryOf = (page: Page) =>
    page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")!.src);
  const settings = (page: Page) => page.getByRole("heading", { name: "Settings" });
  async function goToSettings(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
  }

  it("that waits is told, in every tab; the one that is reloaded is of it, the other is told still", async () => {
    const page = await open("allow");
    await isLookedAfter(page);
    const other = await context.newPage();
    await other.goto(`${front.url}/en/messages`);
    await other.getByText("It is quiet under the tree").waitFor();
    const words = "A new version is ready.";
    expect(await page.getByText(words).count()).toBe(0);

    front.served = await laterBuild(directory);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await Promise.all([page, other].map((each) => each.getByText(words).waitFor()));
    const isOver = page.waitForEvent("load");
    await page.getByRole("button", { name: "Reload" }).click();
    await isOver;
    await page.getByText("It is quiet under the tree").waitFor();
    expect(await entryOf(page)).toContain("/assets/later-");
    expect(await page.getByText(words).count()).toBe(0);
    expect(await entryOf(other)).not.toContain("/assets/later-");
    await other.getByText(words).waitFor();
    await other.getByRole("button", { name: "Reload" }).click();
    await expect.poll(() => entryOf(other).catch(() => ""), { timeout: PATIENCE_MS }).toContain("/assets/later-");
  });

  it("that has taken the files away is gone over to by itself, to the place where one was going", async () => {
    const page = await open("block");
    front.served = await laterBuild(directory);
    // The menu's file is there already: a page fetches it early.
    await goToSettings(page);
    await settings(page).waitFor();
    await expect.poll(() => entryOf(page).catch(() => ""), { timeout: PATIENCE_MS }).toContain("/assets/later-");
    expect(new URL(page.url()).pathname).toBe("/en/messages/settings");
  });

  it("that lacks a file itself is not reloaded for ever: it says so, and works once the file is there", async () => {
    const page = await open("block");
    let loads = 0;
    page.on("load", () => loads++);
    front.served = await laterBuild(directory);
    const assets = await Array.fromAsync(Deno.readDir(`${front.served}/assets`), ({ name }) => name);
    const file = `${front.served}/assets/${assets.find((name) => /^later-Settings-.*\.js$/.test(name))}`;
    await Deno.rename(file, `${file}.away`);
    await goToSettings(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await Deno.rename(`${file}.away`, file);
    await page.getByRole("button", { name: "Try again" }).click();
    await settings(page).waitFor();
    expect(await entryOf(page)).toContain("/assets/later-");
    expect(loads).toBe(1);
  });

  it("comes late to a screen that was left meanwhile: what was chosen last is shown, and both when they are wanted", async () => {
    const page = await open("block");
    const late = Promise.withResolvers<void>();
    await page.route("**/Settings-*.js", async (route) => {
      await late.promise;
      await route.continue();
    });
    const wanted = page.waitForRequest("**/Settings-*.js");
    await goToSettings(page);
    await wanted;
    await page.getByRole("link", { name: "New conversation" }).first().click();
    await page.getByLabel("Search people by name").waitFor();
    // Back and away once more: the same file is awaited by two, one of whom is gone.
    await page.goBack();
    await page.goForward();
    const come = page.waitForResponse("**/Settings-*.js");
    late.resolve();
    await (await come).finished();
    await page.getByLabel("Search people by name").waitFor();
    expect(await settings(page).count()).toBe(0);
    await page.goBack();
    await settings(page).waitFor();
    expect(await page.getByLabel("Search people by name").count()).toBe(0);
  });
});
