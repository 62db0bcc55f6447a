// Rows beyond the first page: what a sync's lines or a message tell of them is looked into, one way or another.
import { describe, expect, it } from "vitest";
import type { CommandResult } from "../../protocol/commands.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import { createHearing } from "../../client/net/hearing.ts";
import { createLists } from "../../client/net/lists.ts";
import { parseRoute } from "../../client/state/route.ts";
import { createStore } from "../../client/state/store.ts";
import { CONFIG, conversation, entry, EPOCH, me, message, OTHER, ROOM } from "./samples.ts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const at = (n: number) => ({ id: id(n), lastActivityAt: new Date(Date.UTC(2025, 0, 1) - n * 60_000).toISOString() });

/** Three pages of two conversations each, of which two are loaded. */
async function rows() {
  const all = [1, 2, 3, 4, 5, 6].map((n) => conversation(3, at(n)));
  const asked: string[] = [];
  const gone: string[] = [];
  const store = createStore(parseRoute("/en/messages"), 0);
  store.apply({ type: "signedIn", config: CONFIG, me: me() });
  const lists = createLists({
    store,
    rest: {
      conversations: ({ cursor = "0" } = {}) => {
        asked.push(cursor);
        const from = Number(cursor);
        const nextCursor = from + 2 < all.length ? String(from + 2) : null;
        return Promise.resolve({ conversations: all.slice(from, from + 2), nextCursor });
      },
      conversation: (id) => {
        asked.push(id);
        const page = { messages: [], people: [], hasBefore: false, hasAfter: false };
        return Promise.resolve({ conversation: all.find((one) => one.id === id)!, page });
      },
    },
    onRows() {},
    onFailure(failure) {
      throw failure;
    },
    onGone: (id) => gone.push(id),
  });
  await lists.load();
  await lists.loadMore();
  const known = store.conversations.value;
  const line = (n: number, fields: Partial<SyncedListEntry> = {}) => {
    const { id: conversationId, lastActivityAt } = at(n);
    return entry(3, { conversationId, lastActivityAt, ...fields });
  };
  /** A sync that was asked for before anything else happened tells this. */
  const told = async (list: SyncedListEntry[], listComplete = true) => {
    const answer: CommandResult<"sync"> = { epoch: EPOCH, reset: false, conversations: [], list, listComplete };
    asked.length = 0;
    store.apply({ type: "synced", sync: { command: "sync", epoch: EPOCH, cursors: [], list: true }, answer });
    lists.compare(known, answer);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { store, lists, all, asked, gone, line, told };
}

describe("the lines of a sync", () => {
  it("[R8] ask for nothing where nothing is new", async () => {
    const { asked, gone, line, told } = await rows();
    await told([1, 2, 3, 4, 5, 6].map((n) => line(n)));
    expect([asked, gone]).toEqual([[], []]);
  });

  it("[R8] have the pages read again down to a row whose messages changed", async () => {
    const { store, all, asked, line, told } = await rows();
    all[3] = { ...all[3]!, lastVersion: 9, lastMessage: message(3, { version: 9, body: "edited" }) };
    await told([line(1), line(2), line(3), line(4, { lastVersion: 9 }), line(5), line(6)]);
    expect(asked).toEqual(["0", "2"]);
    expect(store.conversations.value[id(4)]!.lastMessage!.body).toBe("edited");
    // Pages that were turned stay turned.
    expect(store.list.value.nextCursor).toBe("4");
  });

  it("[R8] have a row read again that came meanwhile, and was read before what the line tells", async () => {
    const { store, all, asked, line, told } = await rows();
    const old = conversation(3, at(0));
    all[0] = { ...old, lastSeq: 5, lastVersion: 5, lastMessage: message(5) };
    store.apply({ type: "moreLoaded", list: "list", conversations: [old], nextCursor: "4" });
    await told([line(0, { lastSeq: 5, lastVersion: 5 }), ...[1, 2, 3, 4].map((n) => line(n))], false);
    expect(asked[0]).toBe("0");
    expect(store.conversations.value[id(0)]!.lastMessage!.seq).toBe(5);
  });

  it("[R8] have a list read again that was on its way, and is older than they are", async () => {
    const { store, lists, all, asked, line, told } = await rows();
    const old = conversation(3, at(0));
    all.unshift(old);
    const loading = lists.load();
    all[0] = { ...old, lastSeq: 5, lastVersion: 5, lastMessage: message(5) };
    await told([line(0, { lastSeq: 5, lastVersion: 5 })], false);
    await loading;
    expect(asked).toEqual(["0"]);
    expect(store.conversations.value[id(0)]!.lastMessage!.seq).toBe(5);
  });

  it("[R8] let go of what they do not hold, where they hold all", async () => {
    const partly = await rows();
    await partly.told([partly.line(1), partly.line(2)], false);
    expect(partly.gone).toEqual([]);
    const whole = await rows();
    await whole.told([whole.line(1), whole.line(2), whole.line(4)]);
    expect(whole.gone).toEqual([id(3)]);
  });

  it("[R8] have a conversation that is open and not among them looked at, before it is let go of", async () => {
    const { store, asked, gone, line, told } = await rows();
    store.apply({ type: "route", route: parseRoute(`/en/messages/${id(3)}`) });
    await told([line(1), line(2), line(4)]);
    expect([asked, gone]).toEqual([[id(3)], []]);
  });

  it("[R8] bring a conversation that is new, not one that lies further down than anybody looked", async () => {
    const { asked, line, told } = await rows();
    const known = [1, 2, 3, 4].map((n) => line(n));
    await told([...known, line(5), line(6)]);
    expect(asked).toEqual([]);
    await told([line(0), ...known, line(5), line(6)]);
    expect(asked).toEqual(["0"]);
  });
});

describe("a message of a conversation that is not in the list", () => {
  it("fetches the conversation, and whom it names", () => {
    const store = createStore(parseRoute("/en/messages"), 0);
    store.apply({ type: "signedIn", config: CONFIG, me: me() });
    const refreshed: string[] = [];
    const named: string[] = [];
    const hearing = createHearing({
      store,
      rest: {
        messages: (id, query) => {
          named.push(`${id} ${JSON.stringify(query)}`);
          return Promise.resolve({ messages: [], people: [], hasBefore: false, hasAfter: false });
        },
      },
      refresh: (id) => refreshed.push(id),
      onArrived() {},
      onWelcome() {},
      onGone() {},
      onChanged() {},
    });
    hearing.heard([7, 8].map((seq) => ({ event: "message", message: message(seq, { senderId: OTHER }) })));
    expect(refreshed).toEqual([ROOM]);
    expect(named).toEqual([`${ROOM} {"after":6,"limit":1}`]);
  });
});
