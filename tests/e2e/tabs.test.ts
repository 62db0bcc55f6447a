// Several tabs of one person share one outbox: whichever of them is left sends all of it, each once, each tab's in order.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { field, isMarked, log, PATIENCE_MS, row, sees, shown, signIn, stored, write } from "./page_helpers.ts";

const WORDS = ["one", "two", "three"];

describe.skipIf(chromiumPath === null)("two tabs of one person", { timeout: 60_000 }, () => {
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
    await signIn(context, server.url, sita);
  });
  afterEach(() => context.close());

  async function tab(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${server.url}/en/messages/${id}`);
    await field(page).waitFor();
    return page;
  }

  it.each([["the first", 0], ["the second", 1]])(
    "both write offline and %s is closed: the other sends all, once, in the order it was written",
    async (_, closes) => {
      const tabs = [await tab(), await tab()] as const;
      await context.setOffline(true);
      for (const word of WORDS) {
        // Taken by turns, each shown in both before the next: one order for the person.
        for (const [at, page] of tabs.entries()) {
          await write(page, `${word} of tab ${at}`);
          await Promise.all(tabs.map((each) => row(each, `${word} of tab ${at}`).waitFor()));
        }
      }
      const written = WORDS.flatMap((word) => [`${word} of tab 0`, `${word} of tab 1`]);
      for (const page of tabs) expect(await shown(page)).toEqual(written);
      expect(await stored(ram, id)).toEqual([]);

      await tabs[closes]!.close();
      const left = tabs[1 - closes]!;
      await context.setOffline(false);
      await sees(left, written.at(-1)!);
      expect(await stored(ram, id)).toEqual(written);
      expect(await shown(left)).toEqual(written);
      expect(await log(left).locator('[data-mark="pending"]').count()).toBe(0);
    },
  );

  it("what one sends or discards is so in the other", async () => {
    const [one, two] = [await tab(), await tab()];
    await write(one, "from the first");
    await sees(two, "from the first");
    await write(two, "from the second");
    await sees(one, "from the second");
    for (const page of [one, two]) expect(await shown(page)).toEqual(["from the first", "from the second"]);

    await context.setOffline(true);
    await write(one, "to nobody");
    await isMarked(two, "to nobody", "pending");
    await ram.delete(`/api/messages/conversations/${id}`);
    await context.setOffline(false);
    await isMarked(one, "to nobody", "failed");
    await isMarked(two, "to nobody", "failed");
    await row(two, "to nobody").getByRole("button", { name: "Discard" }).click();
    await row(one, "to nobody").waitFor({ state: "detached" });
    await one.reload();
    await sees(one, "from the second");
    expect(await shown(one)).toEqual(["from the first", "from the second"]);
  });
});
