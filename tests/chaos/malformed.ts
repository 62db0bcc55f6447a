// Frames that no client of ours sends: some that the server can answer, some that must end the connection.
import type { Random } from "./random.ts";
import { frame } from "./raw_socket.ts";

const NESTED = 30_000;

/** A well-formed frame whose text is no command: the server answers and goes on. */
export function nonsense(random: Random): Uint8Array<ArrayBuffer> {
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
export function broken(random: Random): Uint8Array<ArrayBuffer> {
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
