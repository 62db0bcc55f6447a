// Clock: the server's clock jumps by hours, forward and back (libfaketime); what measures time that passes goes on alone.
import { until } from "../waiting.ts";
import type { Fault } from "./fault.ts";

const HOUR_MS = 3_600_000;
/** From true time. The site's tokens hold for an hour: a jump forward ends them all. */
const OFFSETS_H = [-3, -1.5, 0, 1.5, 3];
const TOKEN_TTL_S = 3_600;
/** The server's clock is told to the second. */
const NEAR_MS = 3_000;
const PATIENCE_MS = 10_000;
/** How many come anew after a jump back. */
const VISITING = 0.5;
const LIBRARY = `/usr/lib/${Deno.build.arch}-linux-gnu/faketime/libfaketime.so.1`;

/**
 * Needs Debian's libfaketime. The site is on the same machine, so its clock jumps too. PostgreSQL's does not: it stands
 * for one on another machine.
 */
export function clockFault(): Fault {
  let directory = "";
  let offsetH = 0;
  let jumps = 0;
  let signIns = 0;
  let visits = 0;
  const set = async (hours: number) => {
    offsetH = hours;
    const file = `${directory}/offset`;
    await Deno.writeTextFile(`${file}.new`, `${hours < 0 ? "-" : "+"}${Math.abs(hours) * HOUR_MS / 1000}`);
    await Deno.rename(`${file}.new`, file);
  };
  return {
    name: "clock",
    endsTokens: true,
    async prepare() {
      await Deno.stat(LIBRARY).catch(() => {
        throw new Error(`the clock fault needs ${LIBRARY}: install Debian's package libfaketime`);
      });
      directory = await Deno.makeTempDir({ prefix: "chautari-chaos-clock-" });
      await set(0);
      return {
        unrestricted: true,
        tokenTtlSeconds: TOKEN_TTL_S,
        settings: {
          LD_PRELOAD: LIBRARY,
          FAKETIME_TIMESTAMP_FILE: `${directory}/offset`,
          FAKETIME_CACHE_DURATION: "1",
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
          NO_FAKE_STAT: "1",
        },
      };
    },
    async strike({ site, random, ledger, clients, write }) {
      const before = offsetH;
      await set(random.pick(OFFSETS_H.filter((hours) => hours !== before)));
      site.clockOffsetMs = offsetH * HOUR_MS;
      write();
      const hasJumped = async () => Math.abs(await site.serverTime() - Date.now() - site.clockOffsetMs) < NEAR_MS;
      if (!await until(hasJumped, PATIENCE_MS)) {
        ledger.report("stuck", `the server's clock did not jump to ${offsetH} h`);
      }
      jumps++;
      if (offsetH < before) {
        // new visits, by tokens that the next jump forward ends: those from before the jump hold for hours more
        for (const visitor of site.visitors) await site.signIn(visitor);
        visits += site.visitors.length;
        for (const client of clients) if (random.fraction() < VISITING) client.reconnect();
      }
      signIns = site.signIns - visits;
      return `from ${before} h to ${offsetH} h`;
    },
    async end() {
      await Deno.remove(directory, { recursive: true });
    },
    figures: () => `${jumps} jumps, people signed in again ${signIns} times`,
  };
}

export async function hasFaketime(): Promise<boolean> {
  return await Deno.stat(LIBRARY).then(() => true, () => false);
}
