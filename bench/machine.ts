// The machine and the programs that figures were taken with, and a process's memory.
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import type { Side } from "./sides/side.ts";
import { ROOT } from "./sides/side.ts";

export interface Conditions {
  date: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  /** Before the first run: above zero, others were at work too. */
  loadAverage: number;
  fileSystem: string;
  versions: Record<string, string>;
  /** As PostgreSQL says on either side. */
  settings: { ours: Record<string, string>; peer: Record<string, string> };
  rounds: number;
  measureMs: number;
  quick: boolean;
}

/** Proportional set size (proc_pid_smaps(5)); null where there is no /proc. */
export function pssBytes(pid: number): number | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
    return Number(/^Pss: +(\d+) kB/m.exec(text)![1]) * 1024;
  } catch {
    return null;
  }
}

export async function readConditions(
  directory: string,
  pace: { rounds: number; measureMs: number },
  quick: boolean,
): Promise<Omit<Conditions, "settings">> {
  const peer = JSON.parse(await Deno.readTextFile(`${ROOT}bench/peers/socketio/package.json`));
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${Deno.build.os} ${release()} ${Deno.build.arch}`,
    loadAverage: loadavg()[0]!,
    fileSystem: await said("stat", "-f", "-c", "%T", directory),
    versions: {
      chautari: JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).version,
      deno: Deno.version.deno,
      node: await said("node", "--version"),
      ...peer.dependencies,
    },
    rounds: pace.rounds,
    measureMs: pace.measureMs,
    quick,
  };
}

/** What decides about durability, as the server itself says. Throws where a commit would not be durable. */
export async function readSettings({ sql, protocol }: Side): Promise<Record<string, string>> {
  const names = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers"];
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, current_setting(name) as setting from pg_settings where name = any (${names}) order by name`;
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  if (settings.fsync !== "on" || settings.synchronous_commit !== "on") {
    throw new Error(`Cannot compare: the PostgreSQL of ${protocol} does not make commits durable`);
  }
  return settings;
}

async function said(command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(command, { args, stdin: "null", stderr: "null" }).output();
    return new TextDecoder().decode(stdout).trim() || "unknown";
  } catch {
    return "unknown";
  }
}
