// Open files: each connection is one, so no more connections are taken than the system lets this process have.

/** Listening, PostgreSQL, the client's files, requests over REST. */
const OTHERS = 500;
/** Fewer than this are worth a word at the start. */
const PLENTY = 5_000;

/**
 * How many files a process of ours may have open; null where the system does not say. Deno has raised its own limit as
 * far as it may, and may not read /proc itself: a child has the same limit, and tells.
 */
export async function openFileLimit(): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  try {
    const { stdout } = await new Deno.Command("cat", { args: ["/proc/self/limits"], stderr: "null" }).output();
    return parseLimit(new TextDecoder().decode(stdout));
  } catch {
    // an image as bare as that has no limits worth a word either
    return null;
  }
}

/** From the text of proc_pid_limits(5). */
export function parseLimit(text: string): number | null {
  const [, soft] = /^Max open files +(\d+)/m.exec(text) ?? [];
  return soft === undefined ? null : Number(soft);
}

/** How many connections fit into a limit, and what to tell the owner where that is few. */
export function connectionsThatFit(limit: number | null): { max: number; warning: string | null } {
  if (limit === null) return { max: Infinity, warning: null };
  const max = limit > 2 * OTHERS ? limit - OTHERS : Math.max(1, Math.floor(limit / 2));
  const warning = `At most ${max} connections fit into the limit of ${limit} open files: raise it for more ` +
    "(ulimit -n, or LimitNOFILE= in a systemd unit)";
  return { max, warning: max < PLENTY ? warning : null };
}
