// Takes the pictures of docs/screens/ from a fresh demo: real pages in a real browser.
import type { Browser, Page } from "playwright-core";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../tests/helpers/browser.ts";
import { startProgram } from "../tests/helpers/program.ts";

const OUT = new URL("../docs/screens/", import.meta.url).pathname;
const SCHEMES = ["light", "dark"] as const;

interface Visit {
  name: string;
  viewport: { width: number; height: number };
  /** Which of the two sign-in links of the demo. */
  person: number;
  /** What to do before the picture is taken. */
  open?: (page: Page) => Promise<void>;
}

const openFirst = async (page: Page) => {
  await page.getByRole("list").getByRole("link").first().click();
  await page.getByRole("log").waitFor();
  await page.getByRole("log").locator("[data-seq]").last().waitFor();
};

const VISITS: Visit[] = [
  { name: "desktop-en", viewport: DESKTOP, person: 0, open: openFirst },
  { name: "phone-en-list", viewport: PHONE, person: 0 },
  { name: "phone-en", viewport: PHONE, person: 0, open: openFirst },
  { name: "desktop-np", viewport: DESKTOP, person: 1, open: openFirst },
  { name: "phone-np-list", viewport: PHONE, person: 1 },
  { name: "phone-np", viewport: PHONE, person: 1, open: openFirst },
];

async function take(browser: Browser, visit: Visit, session: { cookies: Cookies; path: string }, url: string) {
  for (const colorScheme of SCHEMES) {
    const context = await browser.newContext({ viewport: visit.viewport, colorScheme, deviceScaleFactor: 2 });
    await context.addCookies(session.cookies);
    const page = await context.newPage();
    await page.goto(`${url}${session.path}`);
    await page.getByRole("list").getByRole("link").first().waitFor();
    await visit.open?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${OUT}${visit.name}-${colorScheme}.png`, animations: "disabled" });
    await context.close();
  }
  console.log(`  ${visit.name}`);
}

type Cookies = Parameters<Awaited<ReturnType<Browser["newContext"]>>["addCookies"]>[0];

/** Follows a sign-in link once; every picture of that person uses the session. */
async function signIn(browser: Browser, link: string): Promise<{ cookies: Cookies; path: string }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("list").getByRole("link").first().waitFor();
  const cookies = await context.cookies();
  await context.close();
  return { cookies, path: new URL(link).pathname };
}

if (chromiumPath === null) {
  console.error("There is no Chromium here: the pictures need one (Debian: apt-get install chromium)");
  Deno.exit(1);
}
const directory = await Deno.makeTempDir({ prefix: "chautari-screens-" });
await Deno.mkdir(OUT, { recursive: true });
const program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: "0", LOG_LEVEL: "warn" }, ["demo"]);
const browser = await launchBrowser();
try {
  const links = program.output.join("\n").match(/http\S+#sign-in=\S+/g) ?? [];
  const sessions = await Promise.all(links.map((link) => signIn(browser, link)));
  for (const visit of VISITS) await take(browser, visit, sessions[visit.person]!, program.url);
} finally {
  await browser.close();
  await program.kill("SIGTERM");
  await Deno.remove(directory, { recursive: true });
}
