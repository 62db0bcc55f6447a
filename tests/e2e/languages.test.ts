// The page in Nepali and, from right to left, in Arabic: every word and digit is the language's, and the page its mirror image.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { people } from "../helpers/talk.ts";
import { visit } from "../helpers/visit.ts";
import { entry, field, head, log, row, sees } from "./page_helpers.ts";

/** The names of keys are written as they stand on keyboards. */
const KEYS = /\b(Enter|Shift|Ctrl|Alt|Esc|Escape|Tab|K|F10)\b/g;
/** Shown as they are typed: user names (those of the tests' people, and what one may hold) and the version. */
const TYPED = /@?u-[0-9a-f]{12}|a–z|\d+\.\d+\.\d+/g;

describe.skipIf(chromiumPath === null)("the page speaks the reader's language", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), createTestServer()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Whatever the page says, seen or heard, but not what people wrote; one line for each place. */
  const said = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const found = [document.title];
      for (const element of document.querySelectorAll("body *")) {
        // A language is named in its own words; a user name is what somebody chose.
        if (element.closest("noscript, script, style, [lang]:not(html), [dir=ltr]")) continue;
        for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push(element.getAttribute(name) ?? "");
        for (const node of element.childNodes) {
          if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent!.trim());
        }
      }
      return [...new Set(found)].filter((text) => text !== "");
    });
  /** What is left of it in Latin letters and digits, keys of the catalogue among them, when keyboards' own words are taken away. */
  async function foreign(page: Page): Promise<string[]> {
    const left = (await said(page)).map((text) => text.replace(KEYS, "").replace(TYPED, ""));
    return left.filter((text) => /[A-Za-z]|[0-9]/.test(text));
  }

  interface Tongue {
    segment: string;
    lang: string;
    dir: "ltr" | "rtl";
    names: [string, string];
    words: string;
    digits: RegExp;
    /** As the page words them. */
    says: { unread: string; title: string };
  }
  const tongues: Tongue[] = [
    {
      segment: "np",
      lang: "ne",
      dir: "ltr",
      names: ["सीता गुरुङ", "राम थापा"],
      words: "नमस्ते, साइकल अझै छ?",
      digits: /^[०-९]+:[०-९]+$/,
      says: { unread: "३ नपढिएका सन्देश", title: "(३) सन्देशहरू · चौतारी" },
    },
    {
      segment: "ar",
      lang: "ar",
      dir: "rtl",
      names: ["ليلى حداد", "سامي خوري"],
      words: "مرحبًا، هل الدراجة ما زالت متاحة؟",
      digits: /^[٠-٩]+:[٠-٩]+/,
      says: { unread: "٣ رسائل غير مقروءة", title: "(٣) الرسائل · تشوتاري" },
    },
  ];

  /** Two people, a group of theirs, and three messages that the first one has not read. */
  async function talk({ names, words }: Tongue) {
    const [sita, ram] = await people(server, ...names) as [Person, Person];
    const { id } = await ram.open(sita);
    const group = await ram.group(words, sita);
    await sita.put(`/api/messages/conversations/${group.id}/read`, { seq: group.lastSeq });
    for (const mark of ["!", "…", "."]) await ram.send(id, `${words}${mark}`);
    return { sita, ram, id };
  }

  it.each(tongues)("$segment: every word, number and time, in each part of the page", async (tongue) => {
    const { segment, lang, dir, words, digits, says } = tongue;
    const { sita, id } = await talk(tongue);
    const page = await visit(browser, server, sita, { path: `/${segment}/messages` });
    await entry(page, id).locator(".badge").getByText(says.unread).waitFor({ state: "attached" });
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    expect(await page.locator("html").getAttribute("dir")).toBe(dir);
    // Without the signs that keep words of one direction together.
    await page.waitForFunction((title) => document.title.replace(/[\u2068\u2069]/g, "") === title, says.title);
    expect(await entry(page, id).locator("time").textContent()).toMatch(digits);
    expect(await foreign(page)).toEqual([]);

    await entry(page, id).click();
    await sees(page, `${words}.`);
    await field(page).fill(`${words} `.repeat(200));
    expect(await foreign(page)).toEqual([]);
    await field(page).fill(words);
    await field(page).press("Enter");
    await log(page).locator('[data-seq="4"]').hover();
    await log(page).locator('[data-seq="4"] .message-more').click();
    await page.getByRole("menu").waitFor();
    expect(await foreign(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".head-details").click();
    await page.locator(".details").waitFor();
    expect(await foreign(page)).toEqual([]);

    for (
      const [part, heading] of [["new", "#new-title"], ["archived", "#list-title"], ["settings", "#settings-title"]]
    ) {
      await page.goto(`${server.url}/${segment}/messages/${part}`);
      await page.locator(heading!).waitFor();
      await page.waitForFunction(() => document.querySelector(".skeleton, [aria-busy=true]") === null);
      expect(await foreign(page), part).toEqual([]);
    }
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+?");
    await page.getByRole("dialog").waitFor();
    expect(await foreign(page)).toEqual([]);
    await page.close();
  });

  it.each(tongues)("$segment: also where nobody is signed in", async ({ segment, lang }) => {
    const page = await (await browser.newContext({ viewport: PHONE })).newPage();
    await page.goto(`${server.url}/${segment}/messages`);
    await page.locator("form input[name=password]").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    expect(await foreign(page)).toEqual([]);
    await page.context().close();
  });

  it("`np` and `ne` are one language, and links keep the address that was used", async () => {
    const { sita, id } = await talk(tongues[0]!);
    for (const segment of ["np", "ne"]) {
      const page = await visit(browser, server, sita, { path: `/${segment}/messages` });
      await page.locator('html[lang="ne"]').waitFor();
      expect(await entry(page, id).getAttribute("href")).toBe(`/${segment}/messages/${id}`);
      await page.close();
    }
  });

  it.each([["a desktop", DESKTOP], ["a phone", PHONE]])(
    "in Arabic on %s the page is the mirror image of the English one",
    async (_, viewport) => {
      const arabic = tongues[1]!;
      const { sita, id } = await talk(arabic);
      await sita.send(id, "حسنًا");
      const places = async (segment: string) => {
        const page = await visit(browser, server, sita, { path: `/${segment}/messages/${id}`, viewport });
        await sees(page, "حسنًا");
        await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
        const middle = async (selector: string) => {
          const { x, width } = (await page.locator(selector).first().boundingBox())!;
          return x + width / 2;
        };
        const found: Record<string, number> = {
          pane: await middle(".pane"),
          field: await middle(".composer textarea"),
          send: await middle(".button-send"),
          face: await middle(".head .avatar"),
          mine: await middle(".message-own .bubble"),
          theirs: await middle(".message:not(.message-own) .bubble"),
        };
        if (viewport === DESKTOP) found.list = await middle(".sidebar");
        else found.back = await middle(".head .back");
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        await page.close();
        return found;
      };
      const [english, mirrored] = [await places("en"), await places("ar")];
      for (const [name, x] of Object.entries(english)) {
        // Times and words are not as wide in both: only the side counts.
        const [side, mirror] = [x, mirrored[name]!].map((x) => Math.sign(Math.round((x - viewport.width / 2) / 8)));
        expect(side! + mirror!, `${name}: ${x} in English, ${mirrored[name]} in Arabic`).toBe(0);
      }
      if (viewport === DESKTOP) expect(mirrored.list!).toBeGreaterThan(mirrored.pane!);
      expect(mirrored.mine!).toBeLessThan(mirrored.theirs!);
    },
  );

  it("who writes in another direction is shown in theirs, in a page of either", async () => {
    const { sita, ram, id } = await talk(tongues[1]!);
    await ram.send(id, "The bicycle, in English.");
    const page = await visit(browser, server, sita, { path: `/ar/messages/${id}` });
    const directionOf = (text: string) =>
      row(page, text).first().locator(".bubble-text").evaluate((words) => getComputedStyle(words).direction);
    await sees(page, "The bicycle, in English.");
    expect(await directionOf("The bicycle, in English.")).toBe("ltr");
    expect(await directionOf(tongues[1]!.words)).toBe("rtl");
    await head(page).getByText(ram.me.name).waitFor();
    await page.close();
  });
});
