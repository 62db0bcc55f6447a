// The attack of frames that no client of ours sends: some that the server can answer, some that must end the connection.
import type { Random } from "./random.ts";
import { frame } from "./raw_socket.ts";
import { ATTACKERS, type Report, type Siege } from "./siege.ts";
import { pause, within } from "./waiting.ts";

const FRAMES_PER_CONNECTION = 50;
/** All attackers together: less than the machine can do, since they and those whose times are taken share it. */
const FRAMES_PER_S = 2_500;
const CLOSE_PATIENCE_MS = 10_000;

/** Nonsense, then a frame that breaks the rules, on one connection after another; the server closes each. */
export function malformed(siege: Siege, frames: number): Promise<Report> {
  return siege.measure(`malformed frames (${FRAMES_PER_S}/s)`, async () => {
    const connections = Math.ceil(frames / FRAMES_PER_CONNECTION);
    const begun = performance.now();
    const faults: string[] = [];
    let begins = 0;
    const attack = async () => {
      for (let nth = begins++; nth < connections; nth = begins++) {
        const dueMs = begun + nth * FRAMES_PER_CONNECTION / FRAMES_PER_S * 1000 - performance.now();
        if (dueMs > 0) await pause(dueMs);
        const socket = await siege.upgrade();
        for (let sent = 1; sent < FRAMES_PER_CONNECTION; sent++) await socket.write(nonsense(siege.random));
        const last = broken(siege.random);
        await socket.write(last);
        if (!await within(socket.ended, CLOSE_PATIENCE_MS)) faults.push(`not closed after the frame ${hex(last)}`);
        socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: ATTACKERS }, attack));
    return { tried: connections * FRAMES_PER_CONNECTION, faults };
  });
}

const hex = (bytes: Uint8Array) =>
  [...bytes.subarray(0, 20)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

const NESTED = 30_000;

/** A well-formed frame whose text is no command: the server answers and goes on. */
function nonsense(random: Random): Uint8Array<ArrayBuffer> {
  const text = random.pick([
    () => String.fromCodePoint(...random.bytes(random.between(0, 200))),
    () => "[".repeat(random.between(1, NESTED)),
    () => '{"a":'.repeat(random.between(1, NESTED / 5)),
    () => "null",
    () => '{"ref":1e999,"command":"message:send"}',
    () => '{"ref":"a","ref":"b","command":"message:send"}',
    () => '{"ref":"a","command":"__proto__"}',
    () => `{"ref":"a","command":"message:send","conversationId":"${"0".repeat(random.between(0, 5000))}"}`,
    () => '{"ref":"a","command":"message:send","conversationId":"\\u0000","clientId":{"$ne":1},"body":["\\ud800"]}',
    () => '{"ref":"' + "r".repeat(random.between(65, 60_000)) + '"}',
  ])();
  return frame({ payload: text });
}

/** A frame that breaks RFC 6455 or our limits: the server must close. */
function broken(random: Random): Uint8Array<ArrayBuffer> {
  const payload = random.bytes(random.between(1, 100));
  return random.pick([
    () => frame({ payload: Uint8Array.of(0xc3, 0x28, 0xff, ...payload) }),
    () => frame({ payload, opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
    () => frame({ payload: "{}", masked: false }),
    () => frame({ payload, reserved: random.between(1, 7) }),
    () => frame({ payload, declaredBytes: random.pick([2 ** 16 + 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) }),
    () => frame({ payload, opcode: 2 }),
    () => frame({ payload, opcode: 0 }),
    () => frame({ payload: random.bytes(126), opcode: 9 }),
    () => frame({ payload, opcode: 9, fin: false }),
    () => frame({ payload: Uint8Array.of(0, 1), opcode: 8 }),
    () => frame({ payload: Uint8Array.of(3), opcode: 8 }),
  ])();
}
