// Which system account PostgreSQL's programs run as: PostgreSQL refuses root, so under root they run as someone else.

import { dirname } from "node:path";
import { StartError } from "../start_error.ts";

/** null: the user who runs the server. `crossing`: some folder on the way is closed to the account. */
export type Account = { uid: number; gid: number; crossing: boolean } | null;

/**
 * PostgreSQL's programs look for each other by access(2), which asks on behalf of the real user and there forgets
 * capabilities unless `no_setuid_fixup` is set. What comes after the exec has this one capability and no other.
 */
const READ_ANYWHERE = [
  "--securebits=+no_setuid_fixup",
  "--inh-caps=+dac_read_search",
  "--ambient-caps=+dac_read_search",
];

/**
 * Under root the owner of `cluster` if it exists, else `nobody`; otherwise null.
 * `folders` are what the account must get into. Where one on the way is closed (a checkout in /root), the programs
 * get the one capability to pass through it, by `setpriv`; where that cannot be had, throws StartError naming the folder.
 */
export async function chooseAccount(cluster: string, folders: string[]): Promise<Account> {
  if (Deno.uid() !== 0) return null;
  const { uid, gid } = await ownerOf(cluster) ?? await nobody();
  if (uid === 0) {
    throw new StartError(
      `PostgreSQL refuses to run as root, but its files in ${cluster} belong to root: ` +
        `give them to another account, for example: chown -R nobody: ${cluster}`,
    );
  }
  for (const folder of folders) {
    const closed = await closedFolder(folder, uid, gid);
    if (closed === null) continue;
    if (await canCross(uid, gid)) return { uid, gid, crossing: true };
    throw new StartError(
      `PostgreSQL refuses to run as root, and the account it runs as (uid ${uid}) cannot pass through ${closed} ` +
        `to ${folder}: move that to another place, or run chmod o+x ${closed}, or start the server as an ordinary user`,
    );
  }
  return { uid, gid, crossing: false };
}

/**
 * A command for one of PostgreSQL's programs. The environment is empty: neither PG* variables nor a library path
 * of the caller may reach it. A process group of its own: Ctrl-C stops the server, and the server stops PostgreSQL.
 */
export function runAs(account: Account, program: string, args: string[]): Deno.Command {
  const common = {
    cwd: "/",
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    detached: true,
  } as const;
  if (account === null) return new Deno.Command(program, { ...common, args });
  const { uid, gid, crossing } = account;
  if (!crossing) return new Deno.Command(program, { ...common, args, uid, gid });
  return new Deno.Command("setpriv", { ...common, args: [...setpriv(uid, gid), "--", program, ...args] });
}

/** Gives `path` to the account; does nothing when that is the user who runs the server. */
export async function giveTo(account: Account, path: string): Promise<void> {
  if (account !== null) await Deno.chown(path, account.uid, account.gid);
}

function setpriv(uid: number, gid: number): string[] {
  return [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...READ_ANYWHERE];
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const { uid, gid } = await Deno.stat(path);
    return { uid: uid ?? 0, gid: gid ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const entry = (await Deno.readTextFile("/etc/passwd").catch(() => "")).match(/^nobody:[^:]*:(\d+):(\d+):/m);
  return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : { uid: 65534, gid: 65534 };
}

/** The first folder on the way to `path`, itself included, that the account may not pass through; null when there is none. */
async function closedFolder(path: string, uid: number, gid: number): Promise<string | null> {
  const way = [await Deno.realPath(path)];
  while (way[0] !== "/") way.unshift(dirname(way[0]!));
  for (const folder of way) {
    const { mode, uid: owner, gid: group } = await Deno.stat(folder);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if (((mode ?? 0) & bit) === 0) return folder;
  }
  return null;
}

/** Whether `setpriv` is here and this root may hand on the capability: a container's root often may not. */
async function canCross(uid: number, gid: number): Promise<boolean> {
  try {
    const command = new Deno.Command("setpriv", {
      args: [...setpriv(uid, gid), "--", "/bin/sh", "-c", ":"],
      clearEnv: true,
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}
