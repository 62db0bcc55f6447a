// The server is killed in the middle of sending and started on the same data: each message arrives exactly once.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { type Program, startProgram } from "../helpers/program.ts";
import { field, isMarked, PATIENCE_MS, row, sees, shown, write } from "./page_helpers.ts";

describe.skipIf(chromiumPath === null)("a server that is killed", { timeout: 90_000 }, () => {
  let directory: string;
  let browser: Browser;
  let program: Program;
  const start = async (port = "0") =>
    program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: port, LOG_LEVEL: "warn", SIGNUP: "open" });

  beforeAll(async () => {
    directory = await Deno.makeTempDir({ prefix: "chautari-restart-" });
    [browser] = await Promise.all([launchBrowser(), start()]);
  });
  afterAll(async () => {
    await browser.close();
    await program.kill("SIGTERM");
    await Deno.remove(directory, { recursive: true });
  });

  const post = (page: Page, path: string, body: unknown) =>
    page.evaluate(async ([path, body]) => {
      const headers = { "content-type": "application/json" };
      return await (await fetch(path as string, { method: "POST", headers, body: JSON.stringify(body) })).json();
    }, [path, body]);
  async function arrive(username: string, name: string): Promise<Page> {
    const context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS * 2);
    const page = await context.newPage();
    await page.goto(`${program.url}/en/messages`);
    await post(page, "/api/accounts", { username, name, password: "a password for the test" });
    return page;
  }
  const words = (who: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${who} ${from + index}`);

  it("loses and doubles nothing of what two people write before, in and after it, and both see the same", async () => {
    const [hers, his] = [await arrive("sita", "Sita"), await arrive("ram", "Ram")];
    const { me } = await his.evaluate(async () => await (await fetch("/api/me")).json());
    const { conversation } = await post(hers, "/api/messages/conversations", { kind: "direct", to: { id: me.id } });
    const pages = [hers, his];
    for (const page of pages) await page.goto(`${program.url}/en/messages/${conversation.id}`);

    // Acknowledged: these must outlive it.
    for (const [page, who] of [[hers, "Sita"], [his, "Ram"]] as const) {
      for (const text of words(who, 1, 3)) await write(page, text);
      await sees(page, `${who} 3`);
    }
    // Stopped first, so that these are surely under way, and surely not answered, when it is killed.
    Deno.kill(program.pid, "SIGSTOP");
    await Promise.all([[hers, "Sita"], [his, "Ram"]].map(async ([page, who]) => {
      for (const text of words(who as string, 4, 6)) await write(page as Page, text);
      await isMarked(page as Page, `${who} 6`, "pending");
    }));
    await program.kill("SIGKILL");
    for (const text of words("Sita", 7, 8)) await write(hers, text);
    await isMarked(hers, "Sita 8", "pending");
    await start(new URL(program.url).port);

    for (const page of pages) for (const text of ["Sita 8", "Ram 6"]) await sees(page, text);
    await Promise.all(pages.map((page) => page.reload()));
    for (const page of pages) for (const text of ["Sita 8", "Ram 6"]) await sees(page, text);
    const [whatSheSees, whatHeSees] = await Promise.all(pages.map(shown));
    expect(whatSheSees).toEqual(whatHeSees);
    for (const [who, last] of [["Sita", 8], ["Ram", 6]] as const) {
      expect(whatSheSees!.filter((text) => text.startsWith(who))).toEqual(words(who, 1, last));
    }
    await Promise.all(pages.map((page) => page.context().close()));
  });

  it("a message that was stored but whose answer was lost in it does not become two", async () => {
    const page = await arrive("gita", "Gita");
    const { conversation } = await post(page, "/api/messages/conversations", { kind: "group", title: "Tea at five" });
    const api = `/api/messages/conversations/${conversation.id}/messages`;
    const stored = () =>
      page.evaluate(async (api) => {
        const { messages } = await (await fetch(api)).json() as { messages: { body: string | null }[] };
        return messages.flatMap(({ body }) => body ?? []);
      }, api);
    let isDeaf = false;
    await page.routeWebSocket(/\/api\/messages\/socket$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((frame) => {
        if (!isDeaf) socket.send(frame);
      });
    });
    await page.goto(`${program.url}/en/messages/${conversation.id}`);
    await field(page).waitFor();
    await write(page, "Heard");
    await sees(page, "Heard");
    isDeaf = true;
    await write(page, "Not heard");
    await expect.poll(stored, { timeout: PATIENCE_MS }).toEqual(["Heard", "Not heard"]);
    await isMarked(page, "Not heard", "pending");
    await program.kill("SIGKILL");
    isDeaf = false;
    await start(new URL(program.url).port);
    await isMarked(page, "Not heard", "sent");
    expect(await row(page, "Not heard").count()).toBe(1);
    expect(await stored()).toEqual(["Heard", "Not heard"]);
    await page.context().close();
  });
});
