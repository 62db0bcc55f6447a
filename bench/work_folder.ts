// A folder on a disk for the databases of one benchmark; what killed ones left is removed.
import process from "node:process";

/** By the Filesystem Hierarchy Standard (5.15) it outlives a restart, so it is not in memory as /tmp may be. */
const PARENT = "/var/tmp";
const PREFIX = "chautari-bench-";

export async function makeWorkFolder(): Promise<AsyncDisposable & { path: string }> {
  for await (const { name } of Deno.readDir(PARENT)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await Deno.remove(`${PARENT}/${name}`, { recursive: true });
  }
  const path = await Deno.makeTempDir({ dir: PARENT, prefix: `${PREFIX}${Deno.pid}-` });
  await Deno.chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
