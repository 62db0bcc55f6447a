// Frames made from the schemas of the commands, right ones and spoiled ones, over real sockets into a real server.
import fc from "fast-check";
import { WebSocket } from "ws";
import { z } from "zod";
import { COMMANDS, SUBPROTOCOL } from "../../protocol/commands.ts";
import { ServerFrame } from "../../protocol/frames.ts";
import { fromSchema } from "./fuzz/from_schema.ts";
import { createRandom, garbled, spoiled } from "./fuzz/mutate.ts";
import { HOST_SETTINGS, meet, type Somebody } from "./fuzz/people.ts";
import { startVictim } from "./fuzz/victim.ts";
import type { Suite } from "./suite.ts";

const PEOPLE = 6;
const BATCH = 60;
/** The answer to the last command of a batch takes no longer, however slow the machine. */
const PATIENCE_MS = 60_000;

export const fuzzFrames: Suite = {
  name: "fuzzed frames",
  async run({ quick, count = quick ? 20_000 : 1_000_000, seed = 1, report }) {
    await using victim = await startVictim(HOST_SETTINGS);
    const { people, ids } = await meet(victim.url, PEOPLE);
    const violations: string[] = [];
    let tried = 0;
    const work = people.map(async (somebody, n) => {
      const random = createRandom(seed * 1000 + n);
      let socket = await open(victim.port, somebody);
      while (tried < count && violations.length < 20) {
        tried += BATCH;
        const frames = makeFrames(ids, random);
        const said = await socket.send(frames);
        violations.push(...said.wrongs);
        if (said.isClosed) socket = await open(victim.port, somebody);
      }
      socket.close();
    });
    const watching = watch(async () => {
      report(`${tried} frames`);
      violations.push(...await victim.wrongs());
    });
    await Promise.all(work);
    await watching.stop();
    violations.push(...await victim.wrongs());
    return { name: "fuzzed frames", tried, violations };
  },
};

const inputs = Object.fromEntries(
  Object.entries(COMMANDS).map((
    [name, { input }],
  ) => [name, z.toJSONSchema(input, { io: "input", unrepresentable: "any" })]),
);

/** A batch: two of three are spoiled in their values, one of ten in its text as well. */
function makeFrames(ids: string[], random: () => number): string[] {
  const names = Object.keys(COMMANDS);
  const name = names[Math.floor(random() * names.length)]!;
  const seed = Math.floor(random() * 2 ** 31);
  // A few kinds a batch: making an arbitrary costs more than drawing from it.
  const kinds = [name, names[seed % names.length]!, "message:send"];
  const commands = kinds.flatMap((kind) =>
    fc.sample(fromSchema(inputs[kind], ids), { numRuns: Math.ceil(BATCH / kinds.length), seed })
  );
  return commands.slice(0, BATCH).map((command) => {
    const luck = random();
    const frame = JSON.stringify(luck < 0.33 ? command : spoiled(command, random)) ?? "null";
    return luck > 0.9 ? garbled(frame, random) : frame;
  });
}

interface Said {
  wrongs: string[];
  isClosed: boolean;
}

async function open(port: number, { token }: Somebody) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/api/messages/socket`, SUBPROTOCOL, {
    headers: { authorization: `Bearer ${token}` },
  });
  let ended = false;
  let frames = 0;
  let wrongs: string[] = [];
  let onReply: (ref: string | null) => void = () => {};
  let onEnd: () => void = () => {};
  ws.on("error", () => {});
  ws.on("close", (code: number) => {
    ended = true;
    if (code === 1006 || code === 1011) wrongs.push(`a socket was closed with ${code}`);
    onEnd();
  });
  ws.on("message", (data: { toString(): string }) => {
    const text = data.toString();
    const items = JSON.parse(text) as { ref?: string | null; error?: { code: string } }[];
    for (const { ref, error } of items) {
      if (error?.code === "internal") wrongs.push(`an internal error: ${text.slice(0, 300)}`);
      if (ref !== undefined) onReply(ref);
    }
    // Each fifth, since checking costs more than all the rest.
    if (frames++ % 5 === 0 && !ServerFrame.safeParse(items).success) wrongs.push(`not a frame: ${text.slice(0, 300)}`);
  });
  await new Promise<void>((resolve, reject) => {
    ws.once("open", () => resolve());
    ws.once("unexpected-response", (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
  });
  let batches = 0;
  return {
    close: () => ws.terminate(),
    /** Resolves when the command after them is answered, or the socket is closed. */
    send(batch: string[]): Promise<Said> {
      const end = `end ${++batches}`;
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          resolve({ wrongs, isClosed: ended });
          wrongs = [];
        };
        const timer = setTimeout(() => {
          wrongs.push(`no answer within ${PATIENCE_MS / 1000} s`);
          ended = true;
          done();
        }, PATIENCE_MS);
        onEnd = done;
        onReply = (ref) => ref === end && done();
        if (ended) return done();
        for (const [index, frame] of batch.entries()) {
          ws.send(frame);
          // Now and then one that is right, so that the socket is not closed for saying nothing but nonsense.
          if (index % 10 === 9) ws.send('{"ref":"ok","command":"user:status","status":"online"}');
        }
        ws.send(JSON.stringify({ ref: end, command: "user:status", status: "online" }));
      });
    },
  };
}

/** Does something every few seconds until it is stopped. */
export function watch(work: () => Promise<void>): { stop(): Promise<void> } {
  let isOver = false;
  let wake = () => {};
  const all = (async () => {
    while (!isOver) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 5_000);
      });
      if (!isOver) await work();
    }
  })();
  return {
    stop: () => {
      isOver = true;
      wake();
      return all;
    },
  };
}
