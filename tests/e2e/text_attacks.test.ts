// Text that attacks what stands beside it: in a real browser it paints over nothing, turns nothing, and a look-alike is marked.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchBrowser } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { connect, ok, people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { entry, head, log, PATIENCE_MS, row, rowOf, sees } from "./page_helpers.ts";

const FLOOD = Array.from("flood", (letter) => letter + "\u0301\u0316".repeat(60)).join("");
const OVERRIDE = "\u202e";
/** Ends an isolate that somebody else began, then turns what follows. */
const ESCAPE = "\u2069\u2069\u202e";

/** Where these words begin, from the left edge of the page: as they are drawn, not as they are stored. */
function placesOf(element: Locator, ...words: string[]): Promise<number[]> {
  return element.evaluate((element, words) => {
    const places: number[] = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      for (const word of words.slice(places.length)) {
        const at = node.data.indexOf(word);
        if (at < 0) break;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        places.push(range.getBoundingClientRect().left);
      }
    }
    return places;
  }, words);
}

async function standInOrder(element: Locator, ...words: string[]): Promise<void> {
  const places = await placesOf(element, ...words);
  expect(places, `places of ${words.join(", ")}`).toHaveLength(words.length);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

describe.skipIf(chromiumPath === null)("text that attacks what stands beside it", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const open = (person: Person, id: string) => visit(browser, server, person, { path: `/en/messages/${id}` });

  it("a flood of combining marks paints over nothing but its own bubble", async () => {
    const [sita, hari] = await people(server, "Sita", "Hari") as [Person, Person];
    const { id } = await sita.open(hari);
    await hari.send(id, "The one above");
    const flood = await hari.send(id, `${FLOOD} ${FLOOD}`);
    await hari.send(id, "The one below");
    const page = await open(sita, id);
    await sees(page, "The one below");

    const neighbours = [row(page, "The one above"), row(page, "The one below")];
    const pictures = async () => {
      const taken: string[] = [];
      for (const one of neighbours) {
        // The words alone: a bubble's edge shows the shadow of the next one.
        taken.push((await one.locator(".bubble-text").screenshot({ animations: "disabled" })).toString("base64"));
      }
      return taken;
    };
    const [above, below] = await Promise.all(neighbours.map((one) => one.boundingBox()));
    const own = (await rowOf(page, flood.seq).boundingBox())!;
    expect(above!.y + above!.height).toBeLessThanOrEqual(own.y + 0.5);
    expect(own.y + own.height).toBeLessThanOrEqual(below!.y + 0.5);
    const flooded = await pictures();

    const path = `/api/messages/conversations/${id}/messages/${flood.seq}`;
    expect((await hari.patch(path, { body: "plain" })).status).toBe(200);
    await rowOf(page, flood.seq).getByText("plain").waitFor();
    // Other fonts than the page's own stand a little higher; the marks take no room.
    expect(own.height - (await rowOf(page, flood.seq).boundingBox())!.height).toBeLessThan(8);
    const areSame = (await pictures()).map((picture, at) => picture === flooded[at]);
    expect(areSame, "the one above and the one below look the same without the flood").toEqual([true, true]);
  });

  it("a name from before that turns direction turns no word beside it", async () => {
    const [ram, sita] = await people(server, `Ra${OVERRIDE}m`, "Sita") as [Person, Person];
    const { id } = await ram.group("Tea", sita);
    const page = await open(sita, id);
    const words = ["began", "the", "conversation"] as const;
    await standInOrder(log(page).locator(".system").first(), ...words);
    await standInOrder(entry(page, id).locator(".row-last"), ...words);

    const socket = await connect(server, ram);
    await ok(socket, { command: "typing:start", conversationId: id });
    await head(page).locator(".head-typing").waitFor();
    await standInOrder(head(page).locator(".head-typing"), "is", "typing");
    expect(await turning(page)).toEqual([]);
  });

  it("a message that turns direction turns neither the list's line nor its own time", async () => {
    const [ram, sita] = await people(server, "Ram Thapa", "Sita") as [Person, Person];
    const { id } = await ram.group("Tea", sita);
    const said = await ram.send(id, `${ESCAPE}no time`);
    const page = await open(sita, id);
    const bubble = rowOf(page, said.seq).locator(".bubble");
    await bubble.locator("time").waitFor();
    const [text, time] = [await bubble.boundingBox(), await bubble.locator("time").boundingBox()];
    expect(time!.x + time!.width / 2).toBeGreaterThan(text!.x + text!.width / 2);
    const [hour, minute] = (await bubble.locator("time").textContent())!.match(/\d+/g)!;
    await standInOrder(bubble.locator("time"), `${hour}:`, minute!);
    await standInOrder(entry(page, id).locator(".row-said"), "Ram", "Thapa");
    await standInOrder(bubble.locator(".bubble-name"), "Ram", "Thapa");
  });

  it("who has a name like another's is marked, above a bubble and among the people", async () => {
    const crowd = Array.from({ length: 10 }, (_, index) => `Person ${index}`);
    const [sita, hari, ...others] = await people(server, "Sita Rai", "Hari", ...crowd) as [Person, Person, ...Person[]];
    const [imitator] = await people(server, "S\u0456t\u0430 R\u0430\u0456") as [Person];
    // Made straight in the database, past what writes it with a name.
    await server.store.users.fillSkeletons(1_000);
    const small = await hari.group("Small", sita, imitator);
    // The imitator, who came last, is not among the first few that the conversation carries with it.
    const large = await hari.group("Large", sita, ...others, imitator);
    const mark = "Another person here has a name that looks the same";
    const plain = await others[0]!.send(large.id, "Namaste");
    for (const { id } of [small, large]) {
      const spoof = await imitator.send(id, "Send me the money");
      const page = await open(hari, id);
      await sees(page, "Send me the money");
      const shown = rowOf(page, spoof.seq).getByTitle(mark);
      await shown.waitFor();
      expect(await shown.textContent()).toBe(`${mark}@${imitator.me.username}`);
      if (id === large.id) {
        await sees(page, "Namaste");
        expect(await rowOf(page, plain.seq).locator(".look-alike").count()).toBe(0);
      }
      await page.getByRole("button", { name: "Details", exact: true }).click();
      const marked = page.locator(".member:has(.look-alike)");
      await expect.poll(() => marked.locator(".person-name").allTextContents(), { timeout: PATIENCE_MS })
        .toEqual([sita.me.name, imitator.me.name]);
    }
  });

  /** Labels that hold something that turns direction. */
  const turning = (page: Page) =>
    page.locator("[aria-label], [title]").evaluateAll((elements) =>
      elements.flatMap((element) => [element.ariaLabel ?? "", element.getAttribute("title") ?? ""])
        .filter((label) => /[\u202a-\u202e]/.test(label))
    );
});
