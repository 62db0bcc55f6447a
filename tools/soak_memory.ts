// The memory of a server and its PostgreSQL, sampled while a soak runs.
import { pssBytes } from "../bench/machine.ts";
import { type Sample, slopeMbPerHour } from "./soak_figures.ts";

const SAMPLE_EVERY_MS = 5_000;
const HOUR_MS = 3_600_000;
const MEGABYTE = 2 ** 20;

/** What server and PostgreSQL take: the server's resident memory, PostgreSQL's proportional share (proc_pid_smaps(5)). */
export class Memory {
  readonly #pids: { server: number; postmaster: number };
  readonly #samples: { server: Sample[]; postgres: Sample[] } = { server: [], postgres: [] };
  #begun = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(server: number, postmaster: number) {
    this.#pids = { server, postmaster };
  }

  start(): void {
    this.#begun = performance.now();
    this.#timer = setInterval(() => this.look(), SAMPLE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): string {
    const { server, postmaster } = this.#pids;
    const hours = (performance.now() - this.#begun) / HOUR_MS;
    const serverMb = rssBytes(server) / MEGABYTE;
    const postgresMb = [postmaster, ...childrenOf(postmaster)]
      .reduce((sum, pid) => sum + (pssBytes(pid) ?? 0), 0) / MEGABYTE;
    this.#samples.server.push({ hours, megabytes: serverMb });
    this.#samples.postgres.push({ hours, megabytes: postgresMb });
    return `server ${serverMb.toFixed(0)} MB, PostgreSQL ${postgresMb.toFixed(0)} MB`;
  }

  slopes(): string {
    const slope = (samples: Sample[]) => {
      const value = slopeMbPerHour(samples);
      return `${value < 0 ? "" : "+"}${value.toFixed(1)} MB/h`;
    };
    const { server, postgres } = this.#samples;
    return `memory of the second half: server ${slope(server)} at ${server.at(-1)?.megabytes.toFixed(0)} MB, ` +
      `PostgreSQL ${slope(postgres)} at ${postgres.at(-1)?.megabytes.toFixed(0)} MB`;
  }
}

function rssBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) * 1024;
}

function childrenOf(pid: number): number[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
