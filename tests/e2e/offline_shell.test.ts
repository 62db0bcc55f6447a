// The service worker in a real browser: the page opens without a server, and a new version never breaks an open tab.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpEnv } from "../../server/http/context.ts";
import { pageRoutes } from "../../server/http/pages.ts";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { BUILD, laterBuild } from "../helpers/later_build.ts";
import { type Program, startProgram } from "../helpers/program.ts";

const PATIENCE_MS = 30_000;

describe.skipIf(chromiumPath === null)("the service worker", { timeout: 60_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let directory: string;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS);
    directory = await Deno.makeTempDir({ prefix: "chautari-shell-" });
  });
  afterEach(async () => {
    await context.close();
    await Deno.remove(directory, { recursive: true });
  });

  const isLookedAfter = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  describe("with the whole program", () => {
    let program: Program | null = null;
    afterEach(async () => {
      await program?.kill("SIGTERM");
      program = null;
    });

    it(
      "shows the list and the messages that are known when the server is gone, in the language that was used",
      async () => {
        program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: "0", LOG_LEVEL: "warn" });
        const page = await context.newPage();
        await page.goto(`${program.url}/np/messages`);
        // Somebody with a group and a message, made by the page's own API.
        const id = await page.evaluate(async () => {
          const post = async (path: string, body: unknown) =>
            await (await fetch(path, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: JSON.stringify(body),
            })).json();
          await post("/api/accounts", { username: "sita", name: "Sita", password: "a password for the test" });
          const { conversation } = await post("/api/messages/conversations", { kind: "group", title: "Tea at five" });
          await post(`/api/messages/conversations/${conversation.id}/messages`, {
            clientId: "01900000-0000-7000-8000-000000000001",
            body: "Who brings the cups?",
          });
          return conversation.id as string;
        });
        await page.goto(`${program.url}/np/messages/${id}`);
        await page.getByRole("log").getByText("Who brings the cups?").waitFor();
        await isLookedAfter(page);
        const isKept = () => page.evaluate(async () => Boolean(await caches.match("/np/messages")));
        await expect.poll(isKept, { timeout: PATIENCE_MS }).toBe(true);

        await program.kill("SIGTERM");
        program = null;
        await page.reload();
        await page.getByRole("log").getByText("Who brings the cups?").waitFor();
        await page.getByText("Tea at five").first().waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe("ne");
        // The API is never answered from a cache.
        expect(await page.evaluate(() => fetch("/api/config").then(() => "answered", () => "refused"))).toBe("refused");
      },
      60_000,
    );
  });

  describe("over two builds", () => {
    let server: Deno.HttpServer<Deno.NetAddr>;
    let served: string;
    let url: string;
    beforeEach(() => {
      served = BUILD;
      server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
        const app = new OpenAPIHono<HttpEnv>();
        pageRoutes(app, served);
        return app.fetch(request);
      });
      url = `http://127.0.0.1:${server.addr.port}`;
    });
    afterEach(() => server.shutdown());

    const entryOf = (page: Page) =>
      page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")!.src);
    /** Past the browser's own cache, so that the worker's or the server answers. */
    const statusOf = (page: Page, path: string) =>
      page.evaluate(async (path) => (await fetch(path, { cache: "reload" })).status, path);

    it("keeps an open tab on its own files, and goes on to the new ones when it is told to", async () => {
      const page = await context.newPage();
      await page.goto(`${url}/en/messages`);
      await isLookedAfter(page);
      const [css] = await page.evaluate(() => [document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")!.href]);
      const entry = await entryOf(page);

      served = await laterBuild(directory);
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        while (!registration.waiting) {
          await new Promise((resolve) => registration.installing!.addEventListener("statechange", resolve));
        }
      });
      expect((await fetch(css!)).status).toBe(404);
      expect(await statusOf(page, css!)).toBe(200);
      const second = await context.newPage();
      await second.goto(`${url}/en/messages`);
      // A reload alone is not yet the new version: both would be mixed where there are two tabs.
      await page.reload();
      expect(await entryOf(page)).toBe(entry);

      await page.evaluate(async () => {
        const { waiting } = await navigator.serviceWorker.ready;
        const isChanged = new Promise((resolve) => navigator.serviceWorker.oncontrollerchange = resolve);
        waiting!.postMessage({ type: "activate" });
        await isChanged;
      });
      expect(await statusOf(second, css!)).toBe(200);
      await page.reload();
      expect(await entryOf(page)).toContain("/assets/later-");
      expect(await statusOf(second, css!)).toBe(200);
    }, 60_000);

    it("does not keep an answer that says that a file is gone", async () => {
      const page = await context.newPage();
      await page.goto(`${url}/en/messages`);
      await isLookedAfter(page);
      expect(await statusOf(page, "/assets/none-12345678.js")).toBe(404);
      const kept = await page.evaluate(async () => (await caches.match("/assets/none-12345678.js")) === undefined);
      expect(kept).toBe(true);
    });
  });
});
