// The attack of a reader that never reads, in a busy group: it is cut off, and the others get everything.
import { MESSAGE_MAX_CHARS } from "../../protocol/limits.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { openSocket, type TestSocket } from "../helpers/socket.ts";
import { RawSocket } from "./raw_socket.ts";
import type { Report, Siege } from "./siege.ts";
import { pause, until, within } from "./waiting.ts";

const WRITERS = 6;
/** How many of the messages are said before, while everybody reads: a busy group alone is no attack. */
const CALM_PART = 0.5;
const COMPLETE_PATIENCE_MS = 15_000;
const CUT_PATIENCE_MS = 5_000;
/** As many bytes as a message can have: each of its characters takes four in UTF-8. */
const LARGEST_BODY = "🌳".repeat(MESSAGE_MAX_CHARS);

/** `messages`: how many of the largest kind are said while one does not read. */
export async function slowReader(siege: Siege, messages: number): Promise<Report> {
  const { site } = siege;
  const names = Array.from({ length: WRITERS }, (_, index) => `writer-${index}`);
  const writers = await Promise.all(names.map((name) => site.visitor(name)));
  const lazy = await site.visitor("lazy");
  const group = await site.createGroup(writers[0]!, "A busy group", [lazy, ...writers.slice(1)]);
  const reader = await RawSocket.upgrade(site.url, lazy.token);
  const open = (token: string) => openSocket(site.url, { headers: { authorization: `Bearer ${token}` } });
  const sockets = await Promise.all(writers.map(({ token }) => open(token)));
  let said = 0;
  const sayAll = async (count: number) => {
    const each = Math.ceil(count / WRITERS);
    await Promise.all(sockets.map((socket) => say(socket, group, each)));
    said += each * WRITERS;
  };

  const report = await siege.measure("a reader that never reads", async () => {
    reader.stopReading();
    await sayAll(messages);
    const faults: string[] = [];
    if (!await until(() => sockets.every((socket) => countMessages(socket) === said), COMPLETE_PATIENCE_MS)) {
      faults.push(`of ${said} messages the other readers of the group got ${sockets.map(countMessages).join(", ")}`);
    }
    if (!await until(() => isCut(reader, site.url), CUT_PATIENCE_MS)) faults.push("it is not cut off");
    reader.readOn();
    if (!await within(reader.ended, CUT_PATIENCE_MS)) faults.push("it can read on, though it was cut off");
    return { tried: messages, faults };
  }, () => sayAll(messages * CALM_PART));
  for (const socket of sockets) socket.close();
  return report;
}

/** Sends one after the other, as fast as the command limit allows. */
async function say(socket: TestSocket, conversationId: string, count: number): Promise<void> {
  for (let said = 0; said < count;) {
    const clientId = uuidv7();
    const { error } = await socket.ask({ command: "message:send", conversationId, clientId, body: LARGEST_BODY });
    if (error === undefined) said++;
    else if (error.retryable) await pause((error.retryAfter ?? 0) * 1000);
    else throw new Error(`Cannot send: ${JSON.stringify(error)}`);
  }
}

const countMessages = ({ events }: TestSocket) =>
  events.filter((event) => event.event === "message" && event.message.kind === "text").length;

/** Whether the server has let go of a connection, though its peer cannot have heard of it (proc_net_tcp(5)). */
async function isCut(socket: RawSocket, url: string): Promise<boolean> {
  if (!socket.isOpen) return true;
  const [server, peer] = [Number(new URL(url).port), socket.localPort].map((port) =>
    `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  );
  const lines = (await Deno.readTextFile("/proc/net/tcp")).split("\n").map((line) => line.trim().split(/\s+/));
  const own = lines.find(([, local, remote]) => local?.endsWith(server!) && remote?.endsWith(peer!));
  const established = "01";
  return own?.[3] !== established;
}
