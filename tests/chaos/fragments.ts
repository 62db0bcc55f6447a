// The attack of messages that never end: in large pieces, in single bytes, in empty ones; and frames that come byte by byte.
import { frame } from "./raw_socket.ts";
import type { Report, Siege } from "./siege.ts";
import { pause, within } from "./waiting.ts";

const CUT_PATIENCE_MS = 5_000;
const DRIPS = 10;
const DRIP_BYTES = 1_000;

/** `mebibytes`: how much is sent of each kind of piece unless it is cut off before, as it must be. */
export function fragments(siege: Siege, mebibytes: number): Promise<Report> {
  return siege.measure("unfinished messages", async () => {
    const part = (payload: string) => frame({ payload, opcode: 0, fin: false });
    const kinds: [name: string, bytes: Uint8Array][] = [
      ["large", part("x".repeat(16_384))],
      ["small", repeat(part("x"), 2_000)],
      ["empty", repeat(part(""), 2_000)],
    ];
    const outcomes = await Promise.all(kinds.map(async ([name, bytes]) => {
      const socket = await siege.upgrade();
      await socket.write(frame({ payload: "x", fin: false }));
      let sent = 0;
      for (; sent < mebibytes * 2 ** 20 && socket.isOpen; sent += bytes.length) await socket.write(bytes);
      const cut = await within(socket.ended, CUT_PATIENCE_MS);
      socket.destroy();
      return { sent, faults: cut ? [] : [`a message of ${name} pieces without an end was not cut off`] };
    }));
    await drip(siege);
    const bytes = outcomes.reduce((sum, { sent }) => sum + sent, DRIPS * DRIP_BYTES);
    return { tried: bytes, faults: outcomes.flatMap(({ faults }) => faults) };
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
