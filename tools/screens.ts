// Takes the pictures of docs/screens/ from a fresh demo: real pages in a real browser. Words after it name those wanted.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { uuidv7 } from "../protocol/uuid.ts";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../tests/helpers/browser.ts";
import { startProgram } from "../tests/helpers/program.ts";
import { type Look, type Scene, SCENES, type Size, type Talks, type Who, type World } from "./scenes.ts";

const OUT = new URL("../docs/screens/", import.meta.url).pathname;
const PASSWORD = "a password for the pictures";
const TOUCH = { hasTouch: true, isMobile: true };
const SIZES: Record<Size, BrowserContextOptions> = {
  phone: { viewport: PHONE, ...TOUCH },
  narrow: { viewport: { width: 320, height: 640 }, ...TOUCH },
  desktop: { viewport: DESKTOP },
};

type Sessions = Record<Who, { cookies: Awaited<ReturnType<BrowserContext["cookies"]>>; talks: Talks }>;
type Ask = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;

/** Requests of whoever is signed in on the page. */
function asking(page: Page): Ask {
  return (method, path, body) =>
    page.evaluate(async ([method, path, body]) => {
      const answer = await fetch(path, {
        method,
        ...(body && { body, headers: { "content-type": "application/json" } }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : await answer.json();
    }, [method, path, body && JSON.stringify(body)] as [string, string, string]);
}

async function talksOf(ask: Ask): Promise<Talks> {
  const { me } = await ask<{ me: { id: string } }>("GET", "/api/me");
  interface Listed {
    conversations: { id: string; title: string | null; participants: { user: { id: string; name: string } }[] }[];
  }
  const { conversations } = await ask<Listed>("GET", "/api/messages/conversations");
  return Object.fromEntries(
    conversations.map((
      { id, title, participants },
    ) => [title ?? participants.find(({ user }) => user.id !== me.id)!.user.name, id]),
  );
}

/** Signs everybody in, and lets happen what the demo's people have not done: an edit, a deletion. */
async function prepare(
  browser: Browser,
  url: string,
  links: string[],
): Promise<{ sessions: Sessions; world: World }> {
  const enter = async (address: string, signUp?: { username: string; name: string }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    const ask = asking(page);
    if (signUp) await ask("POST", "/api/accounts", { ...signUp, password: PASSWORD });
    else await page.locator(".rows [data-id]").first().waitFor();
    return { context, ask };
  };
  const buyer = await enter(links[0]!);
  const seller = await enter(links[1]!);
  const newcomer = await enter(`${url}/en/messages`, { username: "bina", name: "Bina Thapa" });
  const refused = await enter(`${url}/en/messages`, { username: "maya", name: "Maya Karki" });

  const say = async ({ ask }: typeof buyer, id: string, body: string) => {
    const path = `/api/messages/conversations/${id}/messages`;
    const sent = await ask<{ message: { seq: number } }>("POST", path, { clientId: uuidv7(), body });
    return `${path}/${sent.message.seq}`;
  };
  const talks = await talksOf(buyer.ask);
  const fridge = talks["कमला गुरुङ"]!;
  await buyer.ask("PATCH", await say(buyer, fridge, "I can come on Friday at 5"), {
    body: "I can come on Saturday at 5",
  });
  await buyer.ask("DELETE", await say(buyer, fridge, "Wrong window, sorry"));
  await say(buyer, fridge, "🙏");

  const { me } = await buyer.ask<{ me: { id: string } }>("GET", "/api/me");
  const body = { kind: "direct", to: { id: me.id } };
  const opened = await refused.ask<{ conversation: { id: string } }>("POST", "/api/messages/conversations", body);
  await say(refused, opened.conversation.id, "Namaste! Do you still look for a guitar?");
  await say(buyer, opened.conversation.id, "I have found one, thank you.");
  const refusedTalks = await talksOf(refused.ask);
  const world: World = {
    buyerLeaves: (id) => buyer.ask("DELETE", `/api/messages/conversations/${id}`),
  };

  const session = async ({ context }: typeof buyer, talks: Talks = {}) => ({ cookies: await context.cookies(), talks });
  const sessions: Sessions = {
    buyer: await session(buyer, talks),
    seller: await session(seller, await talksOf(seller.ask)),
    newcomer: await session(newcomer),
    refused: await session(refused, refusedTalks),
    stranger: { cookies: [], talks: {} },
  };
  // The two stay: they are online for each other.
  for (const { context } of [newcomer, refused]) await context.close();
  return { sessions, world };
}

async function take(browser: Browser, url: string, sessions: Sessions, world: World, scene: Scene, look: Look) {
  const [size, lang, colorScheme] = look;
  const { cookies, talks } = sessions[scene.who];
  const options = { ...SIZES[size], colorScheme, locale: "en-GB", timezoneId: "Asia/Kathmandu" };
  const context = await browser.newContext({ ...options, reducedMotion: "reduce", serviceWorkers: "block" });
  context.setDefaultTimeout(20_000);
  await context.addCookies(cookies);
  // Nobody looks, so nothing counts as read, and each picture finds what the first one found.
  await context.addInitScript(() => document.hasFocus = () => false);
  const page = await context.newPage();
  await page.goto(`${url}/${lang}/messages${scene.path(talks)}`);
  await page.locator(scene.shows).first().waitFor();
  await scene.act?.(page, talks, world);
  // Two frames: what was asked for is painted.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: `${OUT}${fileOf(scene, look)}`, animations: "disabled" });
  await context.close();
}

const fileOf = ({ name }: Scene, [size, lang, scheme]: Look) => `${size}-${lang}-${name}-${scheme}.png`;

if (chromiumPath === null) {
  console.error("There is no Chromium here: the pictures need one (Debian: apt-get install chromium)");
  Deno.exit(1);
}
const shots = SCENES.flatMap((scene) => scene.looks.map((look) => ({ scene, look, file: fileOf(scene, look) })));
const wanted = shots.filter(({ file }) => Deno.args.length === 0 || Deno.args.some((word) => file.includes(word)));
if (Deno.args.length === 0) await Deno.remove(OUT, { recursive: true }).catch(() => {});
await Deno.mkdir(OUT, { recursive: true });
const directory = await Deno.makeTempDir({ prefix: "chautari-screens-" });
const program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: "0", LOG_LEVEL: "warn" }, ["demo"]);
const browser = await launchBrowser();
let failed = 0;
try {
  const links = program.output.join("\n").match(/http\S+#sign-in=\S+/g) ?? [];
  const { sessions, world } = await prepare(browser, program.url, links);
  for (const { scene, look, file } of wanted) {
    try {
      await take(browser, program.url, sessions, world, scene, look);
      console.log(`  ${file}`);
    } catch (error) {
      failed++;
      console.error(`  ${file}: ${error}`);
    }
  }
} finally {
  await browser.close();
  await program.kill("SIGTERM");
  await Deno.remove(directory, { recursive: true });
}
Deno.exit(failed > 0 ? 1 : 0);
