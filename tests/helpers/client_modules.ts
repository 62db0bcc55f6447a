// The client's own modules in a real browser, each by itself: Vite serves the sources, a blank page imports them.
import type { BrowserContext, Page } from "playwright-core";
import { createServer } from "vite";

export interface ClientModules {
  /** A blank page of the client's origin with `window.client` as the exports of these modules of client/, all in one. */
  open(context: BrowserContext, paths: string[]): Promise<Page>;
  close(): Promise<void>;
}

export async function serveClientModules(): Promise<ClientModules> {
  const cacheDir = await Deno.makeTempDir({ prefix: "chautari-vite-" });
  const vite = await createServer({
    configFile: false,
    root: "client",
    cacheDir,
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await vite.listen();
  const { port } = vite.httpServer!.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    async open(context, paths) {
      const page = await context.newPage();
      await page.route("**/blank", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
      await page.goto(`${url}/blank`);
      await load(page, paths);
      return page;
    },
    async close() {
      await vite.close();
      await Deno.remove(cacheDir, { recursive: true });
    },
  };
}

/** Also to be called after a reload. */
export async function load(page: Page, paths: string[]): Promise<void> {
  const imports = paths.map((path, index) => `import * as m${index} from "/${path}";`).join("\n");
  const all = paths.map((_, index) => `...m${index}`).join(", ");
  await page.addScriptTag({ type: "module", content: `${imports}\nwindow.client = { ${all} };` });
  await page.waitForFunction(() => "client" in globalThis);
}
