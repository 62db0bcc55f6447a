// The attack of messages that never end: in large pieces, in single bytes, in empty ones; and frames that come byte by byte.
import { frame } from "./raw_socket.ts";
import type { Report, Siege } from "./siege.ts";
import { pause, within } from "./waiting.ts";

const CUT_PATIENCE_MS = 5_000;
const MESSAGE_MAX_BYTES = 64 * 2 ** 20;
const PAUSE_MS = 50;
const DRIPS = 10;
const DRIP_BYTES = 1_000;

/** Again and again for `ms`; a message is as large as MESSAGE_MAX_BYTES unless it is cut off before, as it must be. */
export function fragments(siege: Siege, ms: number): Promise<Report> {
  return siege.measure("unfinished messages (bytes)", async () => {
    const part = (payload: string) => frame({ payload, opcode: 0, fin: false });
    const kinds: [name: string, bytes: Uint8Array][] = [
      ["large", part("x".repeat(16_384))],
      ["small", repeat(part("x"), 2_000)],
      ["empty", repeat(part(""), 2_000)],
    ];
    const faults: string[] = [];
    let bytesSent = 0;
    const attack = async (name: string, bytes: Uint8Array) => {
      const socket = await siege.upgrade();
      await socket.write(frame({ payload: "x", fin: false }));
      for (let sent = 0; sent < MESSAGE_MAX_BYTES && socket.isOpen; sent += bytes.length, bytesSent += bytes.length) {
        await socket.write(bytes);
      }
      const cut = await within(socket.ended, CUT_PATIENCE_MS);
      socket.destroy();
      if (!cut) faults.push(`a message of ${name} pieces without an end was not cut off`);
    };
    for (const begun = performance.now(); performance.now() - begun < ms && faults.length === 0;) {
      await Promise.all(kinds.map(([name, bytes]) => attack(name, bytes)));
      await pause(PAUSE_MS);
    }
    await drip(siege);
    return { tried: bytesSent + DRIPS * DRIP_BYTES, faults };
  });
}

/** The body of a frame byte by byte, each in a packet of its own, and never whole. */
async function drip(siege: Siege): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: DRIPS }, () => siege.upgrade()));
  for (const socket of sockets) await socket.write(frame({ declaredBytes: 60_000 }));
  for (let sent = 0; sent < DRIP_BYTES; sent++) {
    for (const socket of sockets) await socket.write("x");
    if (sent % 10 === 0) await pause(1);
  }
  for (const socket of sockets) socket.destroy();
}

function repeat(bytes: Uint8Array, count: number): Uint8Array {
  const repeated = new Uint8Array(bytes.length * count);
  for (let at = 0; at < count; at++) repeated.set(bytes, at * bytes.length);
  return repeated;
}
