// Pairs of people who write to each other, in a process of their own so that no attack's own work falls into their times.
// First line of the input: JSON { url, pairs: [{ conversationId, tokens: [one, other] }] }; the input's end ends them. Prints
// a line per message: `when ms`, the time since 1970 at which it was sent and how long it took to the other's socket;
// `closed …` when a socket was closed.
import { createInterface } from "node:readline";
import process from "node:process";
import { uuidv7 } from "../../protocol/uuid.ts";
import { openSocket, type TestSocket } from "../helpers/socket.ts";

/** Each writes every other time, so nobody comes near the command limit. */
const PAUSE_MS = 55;

interface Pair {
  conversationId: string;
  tokens: [string, string];
}

const input = createInterface({ input: process.stdin });
input.on("close", () => Deno.exit());
const first = await new Promise<string>((line) => input.once("line", line));
const { url, pairs } = JSON.parse(first) as { url: string; pairs: Pair[] };
await Promise.all(pairs.map(talk));

async function talk({ conversationId, tokens }: Pair): Promise<void> {
  const open = (token: string) => openSocket(url, { headers: { authorization: `Bearer ${token}` } });
  const sockets = await Promise.all(tokens.map(open));
  for (const socket of sockets) socket.closed.then(({ code }) => console.log(`closed ${code}`));
  for (let [writer, reader] = sockets as [TestSocket, TestSocket];; [writer, reader] = [reader, writer]) {
    const clientId = uuidv7();
    const arrived = reader.event("message", ({ message }) => message.clientId === clientId);
    const when = Date.now();
    const sentAt = performance.now();
    writer.ask({ command: "message:send", conversationId, clientId, body: "Is it still there?" }).then(({ error }) => {
      if (error) console.log(`closed ${error.code}`);
    });
    await arrived;
    console.log(`${when} ${performance.now() - sentAt}`);
    for (const { events, frames } of sockets) events.length = frames.length = 0;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
