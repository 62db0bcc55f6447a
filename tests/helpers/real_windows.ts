// Chromium with windows as a person has them: one tab in front, one window with the focus. Playwright's own pages all believe they are in front.
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { chromiumPath } from "./browser.ts";

export interface RealWindows extends AsyncDisposable {
  context: BrowserContext;
  /** In sight from the beginning, but without the focus until `bringToFront`. */
  first: Page;
  /** A tab in front of the others, with the focus. */
  tab(): Promise<Page>;
}

/** A browser of its own with nothing in it yet. */
export async function openRealWindows(): Promise<RealWindows> {
  const directory = await Deno.makeTempDir({ prefix: "chautari-windows-" });
  const child = new Deno.Command(chromiumPath!, {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--remote-debugging-port=0",
      `--user-data-dir=${directory}`,
      "about:blank",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const address = Promise.withResolvers<string>();
  // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
  const lines = createInterface({ input: Readable.fromWeb(child.stderr as any) });
  // Read to its end: a full pipe would stop the browser.
  lines.on("line", (line) => {
    const url = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url) address.resolve(url);
  });
  child.status.then(() => address.reject(new Error("Chromium ended before it said where it is")));
  const browser: Browser = await chromium.connectOverCDP(await address.promise, { noDefaults: true });
  const context = browser.contexts()[0]!;
  return {
    context,
    first: context.pages()[0]!,
    tab: () => context.newPage(),
    async [Symbol.asyncDispose]() {
      // Closed as by hand, so that it is done with its files when it has ended.
      await (await browser.newBrowserCDPSession()).send("Browser.close");
      await child.status;
      await browser.close();
      await rm(directory, { recursive: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}
