// The states of the page that are worth a picture: who looks, where, what they do first, and in which looks.
import type { Page } from "playwright-core";

/** Size, language, theme. */
export type Look = [size: Size, lang: "en" | "ne" | "ar", scheme: "light" | "dark"];
export type Size = "phone" | "desktop" | "narrow";
export type Who = "buyer" | "seller" | "newcomer" | "refused" | "stranger";

/** Conversations by name, of the person who looks. */
export type Talks = Record<string, string>;

/** What others do meanwhile. */
export interface World {
  buyerLeaves: (conversationId: string) => Promise<void>;
}

export interface Scene {
  name: string;
  who: Who;
  /** Below /[lang]/messages; "" is the list. */
  path: (talks: Talks) => string;
  /** What must stand there before anything is done or taken. */
  shows: string;
  act?: (page: Page, talks: Talks, world: World) => Promise<void>;
  looks: Look[];
}

const MESSAGE = ".log [data-seq]";
const ROW = ".rows [data-id]";

const EVERYWHERE: Look[] = [
  ["phone", "en", "light"],
  ["phone", "en", "dark"],
  ["desktop", "en", "light"],
  ["desktop", "en", "dark"],
];
const IN_NEPALI: Look[] = [
  ["phone", "ne", "light"],
  ["phone", "ne", "dark"],
  ["desktop", "ne", "light"],
  ["desktop", "ne", "dark"],
];

const list = () => "";
const talk = (name: string) => (talks: Talks) => `/${talks[name]}`;
/** By the button: on a phone Enter begins a new line. */
const write = async (page: Page, words: string) => {
  await page.locator(".composer textarea").fill(words);
  await page.locator('.composer button[type="submit"]').click();
};
/** By the keyboard, which is alike for mouse and touch. */
const openMessageMenu = async (page: Page) => {
  await page.locator(".log-row:has(.message-own):not(:has(.bubble-deleted))").last().focus();
  await page.keyboard.press("Enter");
  await page.locator("[role=menu]").waitFor();
};
const press = (selector: string) => (page: Page) => page.locator(selector).first().click();

export const SCENES: Scene[] = [
  {
    name: "list",
    who: "buyer",
    path: list,
    // Comes in a quiet moment, after the rows.
    shows: ".row-archived",
    looks: [...EVERYWHERE.slice(0, 3), ["narrow", "en", "light"], ["phone", "ar", "light"]],
  },
  {
    name: "list",
    who: "seller",
    path: list,
    // Comes in a quiet moment, after the rows.
    shows: ".row-archived",
    looks: [...IN_NEPALI.slice(0, 2), ["narrow", "ne", "dark"], ["desktop", "ne", "light"]],
  },
  {
    name: "direct",
    who: "buyer",
    path: talk("राजेश महर्जन"),
    shows: MESSAGE,
    looks: [...EVERYWHERE, ["narrow", "en", "light"], ["phone", "ar", "dark"], ["desktop", "ar", "light"]],
  },
  {
    name: "direct",
    who: "seller",
    path: talk("Pooja Khadka"),
    shows: MESSAGE,
    looks: [...IN_NEPALI, ["narrow", "ne", "light"]],
  },
  {
    name: "group",
    who: "buyer",
    path: talk("Saturday hiking 🥾"),
    shows: MESSAGE,
    looks: [["phone", "en", "light"], ["desktop", "en", "light"]],
  },
  { name: "group", who: "seller", path: talk("चिया समूह ☕"), shows: MESSAGE, looks: [["phone", "ne", "dark"]] },
  {
    name: "message-menu",
    who: "buyer",
    path: talk("कमला गुरुङ"),
    shows: MESSAGE,
    act: openMessageMenu,
    looks: [["phone", "en", "light"], ["desktop", "ne", "dark"]],
  },
  {
    name: "editing-and-deleted",
    who: "buyer",
    path: talk("कमला गुरुङ"),
    shows: ".bubble-deleted",
    async act(page) {
      await page.locator("textarea").focus();
      await page.keyboard.press("ArrowUp");
      await page.locator(".composer-note").waitFor();
    },
    looks: [["phone", "en", "dark"], ["desktop", "en", "light"]],
  },
  {
    name: "emoji",
    who: "buyer",
    path: talk("Nabin Lama"),
    shows: MESSAGE,
    async act(page) {
      await press(".composer-box .button-icon")(page);
      await page.locator("[role=option]").first().waitFor();
    },
    looks: [["phone", "en", "light"], ["desktop", "ne", "dark"]],
  },
  {
    name: "offline",
    who: "buyer",
    path: talk("Bikash Tamang"),
    shows: MESSAGE,
    async act(page) {
      await page.context().setOffline(true);
      await page.locator(".connection").waitFor();
      await write(page, "I can come on Saturday after lunch. Is the bag still with it?");
      await page.locator(".mark-pending").waitFor();
    },
    looks: [["phone", "en", "light"], ["phone", "ne", "dark"]],
  },
  { name: "row-menu", who: "buyer", path: list, shows: ROW, act: rowMenu, looks: [["desktop", "en", "dark"]] },
  {
    name: "menu",
    who: "seller",
    path: list,
    shows: ROW,
    act: press(".list-header [aria-haspopup=menu]"),
    looks: [["phone", "ne", "light"], ["desktop", "ne", "light"]],
  },
  {
    name: "shortcuts",
    who: "buyer",
    path: list,
    shows: ROW,
    async act(page) {
      await page.keyboard.press("?");
      await page.locator("dialog").waitFor();
    },
    looks: [["desktop", "en", "light"]],
  },
  {
    name: "search",
    who: "buyer",
    path: list,
    shows: ROW,
    async act(page) {
      await page.locator("[type=search]").fill("ra");
      await page.locator("#found-people").waitFor();
      await page.locator("#found-conversations").waitFor();
    },
    looks: [["phone", "en", "light"], ["phone", "ne", "dark"]],
  },
  { name: "archived", who: "buyer", path: () => "/archived", shows: ROW, looks: [["phone", "en", "light"]] },
  {
    name: "new",
    who: "buyer",
    path: () => "/new",
    shows: ".finder input",
    async act(page) {
      await page.locator(".finder input").fill("k");
      await page.locator(".people .person").first().waitFor();
    },
    looks: [["phone", "en", "light"], ["desktop", "ne", "dark"]],
  },
  {
    name: "new-group",
    who: "seller",
    path: () => "/new",
    shows: ".finder input",
    async act(page) {
      await press(".new-group")(page);
      await page.locator(".group-form .field input").fill("शनिबारको पदयात्रा");
      for (const name of ["Nabin", "Emma", "Pooja"]) {
        await page.locator(".finder input").fill(name);
        await page.locator(".people .person", { hasText: name }).click();
      }
    },
    looks: [["phone", "ne", "light"], ["phone", "en", "dark"]],
  },
  {
    name: "details-group",
    who: "seller",
    path: (talks) => `/${talks["चिया समूह ☕"]}/details`,
    shows: ".member",
    looks: [["phone", "ne", "light"], ["desktop", "en", "dark"]],
  },
  {
    name: "details-person",
    who: "buyer",
    path: (talks) => `/${talks["राजेश महर्जन"]}/details`,
    shows: ".details",
    looks: [["phone", "en", "dark"], ["desktop", "ne", "light"]],
  },
  {
    name: "settings",
    who: "seller",
    path: () => "/settings",
    shows: ".session",
    looks: [["phone", "en", "light"], ["phone", "ne", "dark"], ["desktop", "en", "light"]],
  },
  {
    name: "sign-in",
    who: "stranger",
    path: list,
    shows: "form",
    looks: [["phone", "en", "light"], ["phone", "ne", "dark"], ["desktop", "en", "dark"]],
  },
  {
    name: "sign-up",
    who: "stranger",
    path: list,
    shows: "form",
    async act(page) {
      await press(".button-text")(page);
      await page.locator("input").nth(2).waitFor();
    },
    looks: [["phone", "en", "dark"], ["phone", "ne", "light"]],
  },
  {
    name: "empty",
    who: "newcomer",
    path: list,
    shows: ".empty",
    looks: [["phone", "en", "light"], ["desktop", "ne", "dark"]],
  },
  {
    name: "not-sent",
    who: "refused",
    path: talk("Anisha Rai"),
    shows: MESSAGE,
    async act(page, talks, world) {
      await page.context().setOffline(true);
      await page.locator(".connection").waitFor();
      await write(page, "Shall we say five o'clock?");
      await page.locator(".mark-pending").waitFor();
      await world.buyerLeaves(talks["Anisha Rai"]!);
      await page.context().setOffline(false);
      await page.locator(".mark-failed").waitFor();
    },
    // Once: then the buyer has left.
    looks: [["phone", "en", "light"]],
  },
];

async function rowMenu(page: Page) {
  await page.locator(ROW).nth(1).click({ button: "right" });
  await page.locator("[role=menu]").waitFor();
}
