// What a device keeps, in a real browser's IndexedDB: over reloads, over two tabs, one person at a time.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../../protocol/models.ts";
import type { openStorage, Storage } from "../../client/net/storage.ts";
import type { Pending } from "../../client/state/outbox.ts";
import { emptyHeld, type Held } from "../../client/state/replica_conversation.ts";
import { chromiumPath, launchBrowser } from "../helpers/browser.ts";
import { type ClientModules, load, serveClientModules } from "../helpers/client_modules.ts";
import { CONFIG, conversation, EPOCH, ME, message, messages, OTHER, ROOM, user } from "./samples.ts";

declare const client: { openStorage: typeof openStorage };
declare const storage: Storage;

const MODULES = ["net/storage.ts"];

function held(from: number, to: number, fields: Partial<Held> = {}): Held {
  return {
    ...emptyHeld(ROOM),
    messages: messages(from, to),
    firstSeq: from,
    cursor: { seq: to, version: to },
    heard: { seq: to, version: to },
    checked: true,
    ...fields,
  };
}

function pending(n: number, fields: Partial<Pending> = {}): Pending {
  const clientId = `01900000-0000-7000-9000-${String(n).padStart(12, "0")}`;
  // The same time for all: their order must not hang on the clock.
  return {
    clientId,
    conversationId: ROOM,
    body: `unsent ${n}`,
    createdAt: "2025-01-01T00:00:00Z",
    failed: null,
    ...fields,
  };
}

describe.skipIf(chromiumPath === null)("storage", () => {
  let browser: Browser;
  let modules: ClientModules;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [browser, modules] = await Promise.all([launchBrowser(), serveClientModules()]);
  });
  afterAll(async () => {
    await browser.close();
    await modules.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await open();
  });
  afterEach(() => context.close());

  /** A tab of the same device, with `storage` open. */
  async function open(): Promise<Page> {
    const page = await modules.open(context, MODULES);
    await page.evaluate(() => void Object.assign(globalThis, { storage: client.openStorage() }));
    return page;
  }
  /** A page writes as it goes, but what it wrote may land a moment after the next one has begun to read: not here. */
  async function reload({ asItGoes = false } = {}): Promise<void> {
    if (!asItGoes) await written();
    await page.reload();
    await load(page, MODULES);
    await page.evaluate(() => void Object.assign(globalThis, { storage: client.openStorage() }));
  }
  const loaded = (ownerId: string, tab = page) => tab.evaluate((ownerId) => storage.load(ownerId), ownerId);
  const thread = (id = ROOM) => page.evaluate((id) => storage.loadThread(id), id);
  const save = (one: Held) => page.evaluate((one) => storage.saveConversation(one), one);
  const put = (...all: Pending[]) => page.evaluate((all) => Promise.all(all.map(storage.putPending)), all);
  /** What was saved is on the disk. */
  const written = (tab = page) =>
    tab.evaluate(async () => {
      dispatchEvent(new Event("pagehide"));
      // A reading waits for the writings before it.
      await Promise.all([storage.loadThread("-"), storage.allPending(), storage.loadAccount()]);
    });

  it("keeps account, list, messages, drafts and outbox over a reload", async () => {
    expect(await page.evaluate(() => storage.loadAccount())).toBe(null);
    expect(await loaded(ME)).toEqual({
      epoch: null,
      conversations: {},
      people: {},
      drafts: {},
      pending: [],
      threadIds: [],
    });
    const me = { ...user(ME), externalId: null, locale: null, role: "member" as const };
    const line = conversation(3);
    const list = { [ROOM]: line };
    const people = { [OTHER]: user(OTHER) };
    await page.evaluate(([config, me]) => storage.saveAccount(config, me as never), [CONFIG, me] as const);
    await page.evaluate((epoch) => storage.saveEpoch(epoch), EPOCH);
    await page.evaluate(([list, people]) => storage.saveList(list, people), [list, people] as const);
    await save(held(1, 3));
    await page.evaluate((id) => storage.saveDraft(id, "half a thought"), ROOM);
    await put(pending(1));

    await reload();
    expect(await page.evaluate(() => storage.loadAccount())).toEqual({ config: CONFIG, me });
    expect(await loaded(ME)).toEqual({
      epoch: EPOCH,
      conversations: list,
      people,
      drafts: { [ROOM]: "half a thought" },
      pending: [pending(1)],
      threadIds: [ROOM],
    });
    expect(await thread()).toEqual(held(1, 3, { checked: false }));
    expect(await thread(OTHER)).toBe(null);

    await page.evaluate(() => storage.forgetAccount());
    await page.evaluate((id) => storage.saveDraft(id, ""), ROOM);
    await page.evaluate((id) => storage.removeConversation(id), ROOM);
    await reload();
    expect(await page.evaluate(() => storage.loadAccount())).toBe(null);
    expect(await loaded(ME)).toMatchObject({ drafts: {}, threadIds: [], pending: [pending(1)] });
  });

  it("keeps the newest hundred messages, none behind a hole, and says where they begin", async () => {
    await loaded(ME);
    await save(held(1, 250));
    expect(await thread()).toMatchObject({ firstSeq: 151 });
    expect((await thread())!.messages.map(({ seq }) => seq)).toEqual(messages(151, 250).map(({ seq }) => seq));

    await save(held(5, 20, { messages: [...messages(5, 20), message(22)], heard: { seq: 22, version: 22 } }));
    await reload({ asItGoes: true });
    await loaded(ME);
    await expect.poll(async () => {
      const kept = await thread();
      return [kept?.firstSeq, kept?.messages.at(-1)?.seq, kept?.heard.seq];
    }).toEqual([5, 20, 22]);
  });

  it("does not put what is uncertain over what is kept", async () => {
    await loaded(ME);
    await save(held(1, 3));
    await save({ ...emptyHeld(ROOM), needsPage: true });
    await save({ ...emptyHeld(ROOM), cursor: null });
    expect((await thread())!.messages).toHaveLength(3);
  });

  it("writes only the lines of the list that changed", async () => {
    await loaded(ME);
    const list: Record<string, Conversation> = { a: conversation(1), b: conversation(2) };
    const puts = await page.evaluate(async ([list, people]) => {
      const puts: IDBValidKey[] = [];
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (value, key) {
        puts.push((key as string[]).at(-1)!);
        return put.call(this, value, key);
      };
      const save = (conversations: typeof list) => {
        storage.saveList(conversations, people);
        dispatchEvent(new Event("pagehide"));
      };
      const [first, second] = Object.keys(list) as [string, string];
      save(list);
      save({ ...list });
      save({ ...list, [second]: { ...list[second]!, unreadCount: 7 } });
      save({ [first]: list[first]! });
      await storage.load(Object.keys(people)[0]!);
      return puts;
    }, [list, { [ME]: user(ME) }] as const);
    expect(puts).toEqual(["a", "b", ME, "b"]);
    await reload();
    const { conversations } = await loaded(ME);
    expect(Object.values(conversations)).toEqual([conversation(1)]);
  });

  it("belongs to one person: another one starts from nothing, and nothing of the first's stays", async () => {
    await loaded(ME);
    await save(held(1, 3));
    await page.evaluate((id) => storage.saveDraft(id, "mine"), ROOM);
    await put(pending(1));
    await page.evaluate((epoch) => storage.saveEpoch(epoch), EPOCH);
    await written();
    const other = await open();
    expect(await loaded(OTHER, other)).toEqual({
      epoch: null,
      conversations: {},
      people: {},
      drafts: {},
      pending: [],
      threadIds: [],
    });
    // The first person's tab is still open, and does not know.
    await page.evaluate((id) => storage.saveDraft(id, "too late"), ROOM);
    await written();
    expect((await loaded(OTHER, other)).drafts).toEqual({});
    await reload();
    expect(await loaded(ME)).toMatchObject({ pending: [], drafts: {}, threadIds: [] });
  });

  it("keeps the order of the outbox over tabs, retries and refusals", async () => {
    const second = await open();
    await loaded(ME);
    await loaded(ME, second);
    await put(pending(1));
    await second.evaluate((one) => storage.putPending(one), pending(2));
    await put(pending(3), pending(4));
    await put(pending(2, { failed: "recipient_left" }));
    await page.evaluate((id) => storage.removePending(id), pending(3).clientId);
    await page.evaluate((id) => storage.removePending(id), pending(9).clientId);
    const expected = [pending(1), pending(2, { failed: "recipient_left" }), pending(4)];
    expect(await second.evaluate(() => storage.allPending())).toEqual(expected);
    await reload();
    expect((await loaded(ME)).pending).toEqual(expected);
  });

  it("forgets list and messages when the epoch changes, and keeps what was written here", async () => {
    await loaded(ME);
    await page.evaluate((epoch) => storage.saveEpoch(epoch), EPOCH);
    await page.evaluate((list) => storage.saveList(list, {}), { [ROOM]: conversation(1) });
    await save(held(1, 3));
    await page.evaluate((id) => storage.saveDraft(id, "mine"), ROOM);
    await put(pending(1));
    await written();
    await save(held(1, 4));
    await page.evaluate((epoch) => storage.saveEpoch(epoch), OTHER);
    await reload();
    expect(await loaded(ME)).toMatchObject({
      epoch: OTHER,
      conversations: {},
      threadIds: [],
      drafts: { [ROOM]: "mine" },
      pending: [pending(1)],
    });
  });

  it("keeps nothing once it is cleared", async () => {
    await loaded(ME);
    await save(held(1, 3));
    await put(pending(1));
    await page.evaluate((config) => storage.saveAccount(config, {} as never), CONFIG);
    await page.evaluate(() => storage.clear());
    await page.evaluate((id) => storage.saveDraft(id, "after"), ROOM);
    await reload();
    expect(await page.evaluate(() => storage.loadAccount())).toBe(null);
    expect(await loaded(ME)).toMatchObject({ drafts: {}, threadIds: [], pending: [] });
  });

  it("makes room for the outbox by dropping the threads that were saved the longest ago", async () => {
    await loaded(ME);
    for (const id of ["old", "older", "new", "newer"]) {
      await save({ ...held(1, 2), conversationId: id });
      await written();
    }
    await page.evaluate(() => {
      const { add } = IDBObjectStore.prototype;
      let isFull = true;
      IDBObjectStore.prototype.add = function (value) {
        if (!isFull) return add.call(this, value);
        isFull = false;
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await put(pending(1));
    expect(await loaded(ME)).toMatchObject({ pending: [pending(1)], threadIds: ["new", "newer"] });
  });

  it("lets go of the database for a newer page, and goes on without it", async () => {
    await loaded(ME);
    await put(pending(1));
    const second = await open();
    const version = await second.evaluate(() =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open("chautari", 1000);
        request.onblocked = () => reject(new Error("blocked"));
        request.onsuccess = () => resolve(request.result.version);
      })
    );
    expect(version).toBe(1000);
    await put(pending(2));
    expect(await page.evaluate(() => storage.allPending())).toEqual([]);
    expect((await loaded(ME)).pending).toEqual([]);
  });

  it("opens the database again when its connection was lost", async () => {
    await loaded(ME);
    await put(pending(1));
    await page.evaluate(() => {
      const { transaction } = IDBDatabase.prototype;
      let isLost = true;
      IDBDatabase.prototype.transaction = function (...args) {
        if (!isLost) return transaction.apply(this, args);
        isLost = false;
        throw new DOMException("lost", "InvalidStateError");
      };
    });
    await put(pending(2));
    expect(await page.evaluate(() => storage.allPending())).toEqual([pending(1), pending(2)]);
  });

  it("does nothing, and breaks nothing, where the browser keeps nothing", async () => {
    await page.evaluate(() => {
      Object.defineProperty(globalThis, "indexedDB", {
        get() {
          throw new DOMException("refused", "SecurityError");
        },
      });
      Object.assign(globalThis, { storage: client.openStorage() });
    });
    expect((await loaded(ME)).pending).toEqual([]);
    await put(pending(1));
    await save(held(1, 2));
    await written();
    expect(await page.evaluate(() => storage.loadAccount())).toBe(null);
    await page.evaluate(() => storage.clear());
  });
});
