// The chaos ledger itself: each fault that it is there to find is found.
import { expect, it } from "vitest";
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Sent } from "./client.ts";
import { type Fault, Ledger } from "./ledger.ts";
import { Replica } from "./replica.ts";

const place = uuidv7();
const author = uuidv7();
const reader = uuidv7();
const createdAt = new Date().toISOString();

const message = (seq: number, body = `message ${seq}`, clientId = uuidv7()): Message => ({
  conversationId: place,
  seq,
  version: seq,
  kind: "text",
  senderId: author,
  clientId,
  body,
  system: null,
  replyToSeq: null,
  createdAt,
  editedAt: null,
  deletedAt: null,
});

const sentAs = (acknowledged: Message, order = acknowledged.seq): Sent => ({
  senderId: author,
  conversationId: place,
  clientId: acknowledged.clientId!,
  body: acknowledged.body!,
  order,
  acknowledged,
  mayFollow: new Set(),
});

const messages = [message(1), message(2), message(3)];
const received = (...shown: Message[]): Event[] => shown.map((message) => ({ event: "message", message }));

function ledgerOf(sent: Sent[], log: Message[]): Ledger {
  const ledger = new Ledger();
  ledger.addConversation(place, [author, reader]);
  for (const one of sent) ledger.add(one);
  ledger.readLog(place, log);
  ledger.endRound();
  return ledger;
}

const faults = ({ violations }: Ledger): Fault[] => [...new Set(violations.map(({ fault }) => fault))];
const [first, second, third] = messages as [Message, Message, Message];

it("finds nothing where everything is in its place", () => {
  const ledger = ledgerOf(messages.map((one) => sentAs(one)), messages);
  ledger.checkReceived({ userId: reader, events: received(second, third) });
  ledger.readAgain(place, messages);
  expect([ledger.violations, ledger.acknowledged, ledger.overtaken]).toEqual([[], 3, 0]);
});

it("finds what the log does not hold, twice holds, or holds otherwise", () => {
  const sent = messages.map((one) => sentAs(one));
  expect(faults(ledgerOf(sent, [first, second]))).toEqual(["lost"]);
  expect(faults(ledgerOf(sent, [first, third]))).toContain("lost");
  expect(faults(ledgerOf(sent, [...messages, { ...third, seq: 4, version: 4 }]))).toEqual(["doubled"]);
  expect(faults(ledgerOf(sent, [first, second, { ...third, body: "another" }]))).toEqual(["altered"]);
  expect(faults(ledgerOf(sent, [...messages, message(4, "from nowhere")]))).toEqual(["altered"]);
  const moved = { ...second, seq: 3, version: 3 };
  expect(faults(ledgerOf([sentAs(first), sentAs(second)], [first, message(2), moved]))).toContain("altered");
});

it("finds an order that the author did not write in, unless the earlier one was refused meanwhile", () => {
  const inOrder = [sentAs(first), sentAs(second, 3), sentAs(third, 2)];
  expect(faults(ledgerOf(inOrder, messages))).toEqual(["reordered"]);
  inOrder[2]!.mayFollow.add(3);
  const excused = ledgerOf(inOrder, messages);
  expect([excused.violations, excused.overtaken]).toEqual([[], 1]);
});

it("finds what a connection should not have been told, or not twice", () => {
  const seen = (userId: string, ...shown: Message[]) => {
    const ledger = ledgerOf(messages.map((one) => sentAs(one)), messages);
    ledger.checkReceived({ userId, events: received(...shown) });
    return faults(ledger);
  };
  expect(seen(reader, first, third)).toEqual([]);
  expect(seen(uuidv7(), first)).toEqual(["leaked"]);
  expect(seen(reader, first, first)).toEqual(["doubled"]);
  expect(seen(reader, second, first)).toEqual(["doubled"]);
});

it("finds what a client should not have got, or not so", () => {
  const got = (userId: string, ...shown: Message[]) => {
    const ledger = ledgerOf(messages.map((one) => sentAs(one)), messages);
    ledger.checkReplica(userId, shown);
    return faults(ledger);
  };
  expect(got(reader, first, second)).toEqual([]);
  expect(got(uuidv7(), first)).toEqual(["leaked"]);
  expect(got(reader, { ...first, body: "another" })).toEqual(["altered"]);
  expect(got(reader, message(4))).toEqual(["altered"]);
});

it("knows where a client lacks something", () => {
  const replica = new Replica([place]);
  for (const one of [third, first]) replica.take(one);
  expect(replica.completeTo(place)).toBe(1);
  replica.take(second);
  expect(replica.cursors()).toEqual([{ conversationId: place, seq: 3, version: 3 }]);
});

it("finds a log that another reader sees otherwise", () => {
  const ledger = ledgerOf(messages.map((one) => sentAs(one)), messages);
  ledger.readAgain(place, [first, { ...second, body: "another" }]);
  expect(faults(ledger)).toEqual(["lost", "altered"]);
});
