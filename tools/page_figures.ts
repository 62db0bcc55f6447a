// Measures the messages page in a real Chromium on a slow phone's processor: taps, a burst, a very long conversation.
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { uuidv7 } from "../protocol/uuid.ts";
import { SESSION_COOKIE } from "../server/auth/cookies.ts";
import { hashSecret, newSecret } from "../server/auth/secrets.ts";
import { migrateDatabase } from "../server/cli/serve.ts";
import { createLog } from "../server/log.ts";
import { openDatabase, type Sql } from "../server/store/database.ts";
import { chromiumPath, launchBrowser, PHONE } from "../tests/helpers/browser.ts";
import { createHistory } from "../tests/helpers/history.ts";
import { createDirect, createGroup, createPeople } from "../tests/helpers/people.ts";
import { startProgram } from "../tests/helpers/program.ts";

const CPU_SLOWDOWN = 4;
const TAPS = 10;
const BURST = { senders: 10, messagesEach: 20 };
const LONG = Number(Deno.args[0] ?? 100_000);

interface World {
  /** The session of whoever looks, and those of who write. */
  cookie: string;
  senders: string[];
  tea: string;
  coffee: string;
  group: string;
  long: string;
}

async function fill(sql: Sql): Promise<World> {
  const [me, ram, ...others] = await createPeople(
    sql,
    ...["Sita Gurung", "Ram Thapa", ...Array.from({ length: BURST.senders }, (_, at) => `Sender ${at + 1}`)],
  ) as [string, string, ...string[]];
  const session = async (userId: string) => {
    const secret = newSecret();
    await sql`
      insert into sessions (id, user_id, secret_hash, expires_at)
      values (${uuidv7()}, ${userId}, ${hashSecret(secret)}, now() + interval '1 day')`;
    return `${SESSION_COOKIE}=${secret}`;
  };
  const history = async (conversationId: string, senderId: string, count: number) => {
    await createHistory(sql, conversationId, senderId, count, Date.now());
    await sql`
      update participants set last_read_seq = c.last_seq, last_delivered_seq = c.last_seq
      from conversations c where c.id = conversation_id and c.id = ${conversationId}`;
    return conversationId;
  };
  return {
    cookie: await session(me),
    senders: await Promise.all(others.map(session)),
    long: await history(await createDirect(sql, me, ram), ram, LONG),
    coffee: await history(await createDirect(sql, me, others[1]!), others[1]!, 300),
    group: await history(await createGroup(sql, me, ...others), others[0]!, 300),
    tea: await history(await createDirect(sql, me, others[0]!), others[0]!, 300),
  };
}

/** In the page: taps on a conversation in the list; until the frame that shows its newest message is painted, in ms. */
function tap(page: Page, id: string): Promise<number> {
  return page.evaluate((id) =>
    new Promise<number>((resolve) => {
      const row = document.querySelector<HTMLElement>(`[data-id="${id}"]`)!;
      const begun = performance.now();
      row.click();
      const look = () => {
        // Once the address says so: the one that was open before is gone by then.
        const isThere = location.pathname.endsWith(id) && document.querySelector(".log [data-seq]");
        if (!isThere) return requestAnimationFrame(look);
        // What is asked for in a frame's own callback comes after it is painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - begun);
        requestAnimationFrame(() => port2.postMessage(null));
      };
      look();
    }), id);
}

const listed = (page: Page, id: string) => page.locator(`.rows [data-id="${id}"]`).waitFor();
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const ms = (value: number) => `${value.toFixed(0)} ms`;
const spread = (values: number[]) => `${ms(median(values))} (${ms(Math.min(...values))} … ${ms(Math.max(...values))})`;

async function taps(context: BrowserContext, url: string, { tea, coffee }: World) {
  const page = await context.newPage();
  await page.goto(`${url}/en/messages`);
  await listed(page, tea);
  const cdp = await slowed(page);
  const back = async (id: string) => {
    await page.goBack();
    await listed(page, id);
  };
  const first = await tap(page, coffee);
  await back(coffee);
  await tap(page, tea);
  await back(tea);
  const cached: number[] = [];
  for (let at = 0; at < TAPS; at++) {
    const id = at % 2 === 0 ? coffee : tea;
    cached.push(await tap(page, id));
    await back(id);
  }
  const reloaded: number[] = [];
  for (let at = 0; at < TAPS; at++) {
    await page.reload();
    await listed(page, tea);
    await page.waitForLoadState("networkidle");
    reloaded.push(await tap(page, tea));
    await back(tea);
  }
  await cdp.detach();
  await page.close();
  console.log(`tap on a conversation never opened → its messages painted: ${ms(first)}`);
  console.log(`tap on a cached one, median of ${TAPS}: ${spread(cached)}; after a reload: ${spread(reloaded)}`);
}

async function burst(context: BrowserContext, url: string, { group, senders }: World) {
  const page = await context.newPage();
  await page.goto(`${url}/en/messages/${group}`);
  await page.locator(".log [data-seq]").first().waitFor();
  await page.waitForLoadState("networkidle");
  const cdp = await slowed(page);
  await page.evaluate(() => {
    const seen = { frame: 0, task: 0, last: performance.now(), isOver: false };
    Object.assign(globalThis, { seen });
    const look = (at: number) => {
      seen.frame = Math.max(seen.frame, at - seen.last);
      seen.last = at;
      if (!seen.isOver) requestAnimationFrame(look);
    };
    requestAnimationFrame((at) => {
      seen.last = at;
      requestAnimationFrame(look);
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.task = Math.max(seen.task, duration);
    }).observe({ type: "long-animation-frame" });
  });
  const path = `${url}/api/messages/conversations/${group}/messages`;
  await Promise.all(senders.flatMap((cookie, sender) =>
    Array.from({ length: BURST.messagesEach }, async (_, at) => {
      const body = JSON.stringify({
        clientId: uuidv7(),
        body: `Burst ${sender + 1}.${at + 1}, and what belongs to it`,
      });
      const headers = { cookie, origin: url, "content-type": "application/json" };
      const answer = await fetch(path, { method: "POST", headers, body });
      if (answer.status !== 201) throw new Error(`A message was refused: ${answer.status} ${await answer.text()}`);
      await answer.body?.cancel();
    })
  ));
  const [{ lastSeq }] = [
    (await (await fetch(path.replace(/\/messages$/, ""), { headers: { cookie: senders[0]! } })).json()).conversation,
  ];
  await page.locator(`.log [data-seq="${lastSeq}"]`).waitFor();
  const { frame, task } = await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- put there above
    const { seen } = globalThis as any;
    for (let at = 0; at < 30; at++) await new Promise(requestAnimationFrame);
    seen.isOver = true;
    return seen;
  });
  await cdp.detach();
  await page.close();
  const count = BURST.senders * BURST.messagesEach;
  console.log(`burst of ${count} messages: longest time between frames ${ms(frame)}, longest frame's work ${ms(task)}`);
}

async function paging(context: BrowserContext, url: string, { long }: World) {
  const page = await context.newPage();
  await page.goto(`${url}/en/messages/${long}`);
  await page.locator(".log [data-seq]").first().waitFor();
  const cdp = await context.newCDPSession(page);
  const before = await heapMb(cdp);
  const begun = performance.now();
  const rowsMax = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      const box = document.querySelector(".log")!;
      let rowsMax = 0;
      const up = () => {
        const rows = box.querySelectorAll("[data-seq]");
        rowsMax = Math.max(rowsMax, rows.length);
        if (rows[0]?.getAttribute("data-seq") === "1") return resolve(rowsMax);
        box.scrollTop = 0;
        // Nobody scrolls so fast for so long: the server asks to wait, and the page offers to try again.
        const retry = box.querySelector<HTMLElement>(".log-start button");
        if (retry) return setTimeout(() => (retry.click(), up()), 1_000);
        requestAnimationFrame(up);
      };
      up();
    })
  );
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `paging up ${LONG} messages: heap ${before.toFixed(1)} → ${(await heapMb(cdp)).toFixed(1)} MB, ` +
      `at most ${rowsMax} rows, ${seconds.toFixed(0)} s`,
  );
  await page.close();
}

async function sizes(context: BrowserContext, url: string) {
  const page = await context.newPage();
  await page.goto(`${url}/en/messages`);
  await page.locator(".row-archived, .rows [data-id]").first().waitFor();
  await page.waitForLoadState("networkidle");
  const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const packed = async (end: string) => {
    let bytes = 0;
    for (const path of new Set(names.map((name) => new URL(name).pathname))) {
      if (path.endsWith(end)) bytes += (await Deno.stat(`dist/client${path}.gz`).catch(() => ({ size: 0 }))).size;
    }
    return `${(bytes / 1024).toFixed(1)} KB`;
  };
  console.log(
    `fetched for the list, all that is fetched ahead with it, in gzip: scripts ${await packed(
      ".js",
    )}, styles ${await packed(".css")}`,
  );
  await page.close();
}

async function slowed(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  return cdp;
}

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.enable");
  await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize / 2 ** 20;
}

if (chromiumPath === null) {
  console.error("There is no Chromium here: the figures need one (Debian: apt-get install chromium)");
  Deno.exit(1);
}
const directory = await Deno.makeTempDir({ prefix: "chautari-figures-" });
const database = await openDatabase({ databaseUrl: null, dataDir: `${directory}/data`, log: () => {} });
await migrateDatabase(database.sql, createLog({ level: "error", format: "text" }));
const world = await fill(database.sql);
await database.close();
const program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: "0", LOG_LEVEL: "warn" });
const browser = await launchBrowser();
try {
  const [load] = Deno.loadavg();
  console.log(
    `CPU ÷${CPU_SLOWDOWN}; the machine's load is ${load!.toFixed(1)}${load! > 2 ? ": TOO BUSY to be believed" : ""}`,
  );
  const context = await browser.newContext({
    viewport: PHONE,
    hasTouch: true,
    isMobile: true,
    serviceWorkers: "block",
  });
  context.setDefaultTimeout(60_000);
  const [name, value] = world.cookie.split("=") as [string, string];
  await context.addCookies([{ name, value, url: program.url }]);
  await sizes(context, program.url);
  await taps(context, program.url, world);
  await burst(context, program.url, world);
  await paging(context, program.url, world);
} finally {
  await browser.close();
  await program.kill("SIGTERM");
  await Deno.remove(directory, { recursive: true });
}
