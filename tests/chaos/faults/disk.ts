// Disk: the small file system that all data lies on is filled, half or to the last byte, and freed again; nothing is restarted.
import { freeBytesOf } from "../../../server/guards/space.ts";
import { pause, until } from "../waiting.ts";
import type { Fault, Scene } from "./fault.ts";

const MEGABYTE = 2 ** 20;
const SIZE_MB = 480;
const MIN_FREE_MB = 96;
/** Left free, in megabytes: nothing at all, too little for a segment of PostgreSQL's log (16), more, nearly enough. */
const LEFT_MB = [0, 4, 24, 64];
const CHUNK = new Uint8Array(MEGABYTE);
const PATIENCE_MS = 20_000;

/** How many waves to write, at most, until PostgreSQL has filled what it had kept in reserve. */
const FILL_TRIES = 200;

/**
 * Root only: the file system is a tmpfs of its own. Without the watermark PostgreSQL itself runs out of space; a read
 * that comes while it recovers from that may fail.
 */
export function diskFault({ watermark }: { watermark: boolean }): Fault {
  let directory = "";
  let refused = 0;
  let reads = 0;
  let failedReads = 0;
  let crashes = 0;
  return {
    name: watermark ? "disk" : "disk-full",
    async prepare() {
      if (Deno.uid() !== 0) throw new Error("the disk fault mounts a file system of its own: run it as root");
      directory = await Deno.makeTempDir({ prefix: "chautari-chaos-disk-" });
      await mount("mount", "-t", "tmpfs", "-o", `size=${SIZE_MB}m,mode=0711`, "tmpfs", directory);
      return { directory, settings: { MIN_FREE_MB: watermark ? String(MIN_FREE_MB) : "0" } };
    },
    async strike({ site, ledger, write, read, probe }: Scene, round) {
      const { pid, output } = site;
      const said = output.length;
      const left = watermark ? LEFT_MB[round % LEFT_MB.length]! : 0;
      const ballast = `${directory}/ballast`;
      write();
      await fill(directory, ballast, left * MEGABYTE);
      let tries = 0;
      const isRefused = async () => {
        if (tries++ < FILL_TRIES) write();
        return await codeOf(await probe()) === "unavailable";
      };
      if (!await until(isRefused, PATIENCE_MS)) {
        ledger.report("stuck", `nothing is refused with ${left} MB free`);
      }
      refused++;
      for (let reading = 0; reading < 5; reading++) {
        write();
        const { status } = await read();
        reads++;
        if (status !== 200) failedReads++;
        if (status !== 200 && watermark) ledger.report("refused", `a read with ${left} MB free: ${status}`);
        await pause(50);
      }
      await Deno.remove(ballast);
      if (!await until(async () => await codeOf(await probe()) !== "unavailable", PATIENCE_MS)) {
        ledger.report("stuck", `writes do not come back after ${left} MB free`);
      }
      if (site.pid !== pid) ledger.report("stuck", "the program was started again");
      crashes += output.slice(said).filter((line) => line.includes("PostgreSQL ended by itself")).length;
      return `${left} MB left`;
    },
    async end() {
      await mount("umount", directory);
      await Deno.remove(directory);
    },
    figures: () =>
      `held back ${refused} times, ${reads} reads meanwhile (${failedReads} failed), PostgreSQL ended ${crashes} times`,
  };
}

async function fill(directory: string, path: string, leave: number): Promise<void> {
  using file = await Deno.open(path, { create: true, append: true });
  try {
    for (;;) {
      const surplus = await freeBytesOf(directory) - leave;
      if (surplus <= 0) return;
      await file.write(CHUNK.subarray(0, Math.min(CHUNK.length, surplus)));
    }
  } catch (error) {
    if (!/No space left/.test((error as Error).message)) throw error;
  }
}

async function codeOf(response: Response): Promise<string | undefined> {
  return response.ok ? (await response.body?.cancel(), undefined) : (await response.json()).code;
}

async function mount(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
