// The page's net against a real server: shown from the device first, current after, nothing lost on the way.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TYPING_TTL_MS } from "../../protocol/limits.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Tabs, TabsOptions } from "../../client/net/tabs.ts";
import { conversationPath, listPath } from "../../client/state/route.ts";
import { createPerson, createTestServer, PASSWORD, type Person, type TestServer } from "../helpers/server.ts";
import { MemoryDevice } from "./memory_storage.ts";
import { isCurrent, type PageOptions, TestPage } from "./page.ts";

let server: TestServer;
let sita: Person;
let ram: Person;
let id: string;
const pages: TestPage[] = [];

beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

/** Two people and their conversation, anew for each test. */
async function meet(): Promise<void> {
  [sita, ram] = await Promise.all([createPerson(server, "Sita Gurung"), createPerson(server, "Ram Thapa")]);
  id = (await sita.open(ram)).id;
}

function pageOf(person: Person, options: PageOptions = {}): TestPage {
  const page = new TestPage(server, person, options);
  pages.push(page);
  return page;
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
const reads = (page: TestPage) => page.said.filter(({ command }) => command === "message:read").map(({ seq }) => seq);

describe("a page that is opened", () => {
  it("shows the list, opens a conversation, and hears what is said", async () => {
    await meet();
    await ram.send(id, "one");
    const page = await pageOf(sita).open();
    expect(page.state.conversations[id]).toMatchObject({ unreadCount: 1, lastMessage: { body: "one" } });
    expect(page.state.threads).toEqual({});
    page.go(conversationPath("en", id));
    await page.until(({ threads }) => threads[id]?.status === "ready");
    expect(page.state.threads[id]).toMatchObject({ unreadAfter: 0 });
    await ram.send(id, "two");
    await page.until(() => page.bodies(id).length === 2);
    expect(page.state.conversations[id]!.unreadCount).toBe(2);
  });

  it("shows what the device kept, also without a network, and then what came since", async () => {
    await meet();
    await ram.send(id, "one");
    const first = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await first.until(() => first.bodies(id).length === 1);
    first.controller.saveDraft(id, "half a thought");
    first.close();
    await ram.send(id, "two");
    await ram.send(id, "three");

    const again = pageOf(sita, { device: first.device, address: conversationPath("en", id) });
    again.isCut = true;
    again.controller.start();
    await again.until(({ threads }) => threads[id]?.status === "ready");
    expect([again.bodies(id), again.state.drafts[id]]).toEqual([["one"], "half a thought"]);
    expect(again.state.account.status).toBe("in");
    again.mend();
    await again.until(() => again.bodies(id).length === 3);
    expect(again.asked.filter((path) => path.includes("/messages?"))).toEqual([]);
    expect(again.state.threads[id]!.unreadAfter).toBe(0);
  });

  it("has what the device kept of the latest conversations at hand before anyone opens them", async () => {
    await meet();
    await ram.send(id, "one");
    const first = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await first.until(() => first.bodies(id).length === 1);
    first.close();
    await ram.send(id, "two");
    const again = await pageOf(sita, { device: first.device }).open();
    await again.until(() => again.bodies(id).length === 2);
    expect(again.asked.filter((path) => path.includes(id))).toEqual([]);
  });

  it("pages backwards without asking for the same twice", async () => {
    await meet();
    for (let n = 1; n <= 170; n++) await ram.send(id, `${n}`);
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(({ threads }) => threads[id]?.status === "ready");
    expect(page.bodies(id)[0]).toBe("121");
    for (const count of [150, 170]) {
      page.controller.loadOlder(id);
      await page.controller.loadOlder(id);
      await page.until(({ threads }) => threads[id]!.older === "idle");
      expect(page.bodies(id)).toHaveLength(count);
    }
    expect(page.state.threads[id]!.hasBefore).toBe(false);
    expect(page.asked.filter((path) => path.includes("before="))).toHaveLength(2);
  });

  it("says plainly that there is no such conversation, and asks no more", async () => {
    await meet();
    const nowhere = uuidv7();
    const page = await pageOf(sita, { address: conversationPath("en", nowhere) }).open();
    await page.until(({ threads }) => threads[nowhere]?.status === "failed");
    page.cut();
    page.mend();
    await page.until(isCurrent);
    expect(page.asked.filter((path) => path.includes(nowhere))).toHaveLength(1);
  });

  it("[R8] at a conversation that is not ours yet: shows it when a sync tells that somebody was added to it", async () => {
    await meet();
    const group = await ram.group("Tea", await createPerson(server, "Gita Rai"));
    const page = await pageOf(sita, { address: conversationPath("en", group.id) }).open();
    await page.until(({ threads }) => threads[group.id]?.failure?.code === "not_found");
    page.cut();
    const body = { participants: [{ id: sita.me.id }] };
    await ram.post(`/api/messages/conversations/${group.id}/participants`, body);
    const said = await ram.send(group.id, "welcome");
    page.mend();
    await page.until(({ threads }) => threads[group.id]?.status === "ready");
    expect(page.state.threads[group.id]!.messages.at(-1)).toEqual(said);
  });
});

describe("a connection that was lost", () => {
  it("[R2] [R4] [R8] is made up for: messages, edits, deletions, the list", async () => {
    await meet();
    const other = await ram.open(await createPerson(server, "Gita Rai"));
    const [one, two] = [await ram.send(id, "one"), await ram.send(id, "two")];
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(() => page.bodies(id).length === 2);
    page.cut();
    expect(page.state.connectingSince).not.toBeNull();
    await ram.patch(`/api/messages/conversations/${id}/messages/${one.seq}`, { body: "ONE" });
    await ram.delete(`/api/messages/conversations/${id}/messages/${two.seq}`);
    await ram.send(id, "three");
    const group = await ram.group("Tea", sita);
    page.mend();
    await page.until((state) => state.conversations[group.id] !== undefined && page.bodies(id).length === 3);
    expect(page.bodies(id)).toEqual(["ONE", null, "three"]);
    expect(page.state.conversations[other.id]).toBeUndefined();
  });

  it("[R7] lets go of what is ours no more, and goes back to the list", async () => {
    await meet();
    const group = await ram.group("Tea", sita);
    const page = await pageOf(sita, { address: conversationPath("en", group.id) }).open();
    await page.until(({ threads }) => threads[group.id]?.status === "ready");
    page.cut();
    await ram.delete(`/api/messages/conversations/${group.id}/participants/${sita.me.id}`);
    page.mend();
    await page.until(({ conversations }) => conversations[group.id] === undefined);
    await page.until(({ route }) => route.page === "list");
    expect(page.device.threads.has(group.id)).toBe(false);
  });

  it("[R8] lets go of rows that were left meanwhile, and reads again those whose last message is another", async () => {
    await meet();
    const one = await ram.send(id, "one");
    const group = await ram.group("Tea", sita);
    const page = await pageOf(sita).open();
    await page.until(({ conversations }) => conversations[group.id] !== undefined);
    page.cut();
    await ram.delete(`/api/messages/conversations/${group.id}/participants/${sita.me.id}`);
    await ram.patch(`/api/messages/conversations/${id}/messages/${one.seq}`, { body: "ONE" });
    page.mend();
    await page.until(({ conversations }) => conversations[group.id] === undefined);
    await page.until(({ conversations }) => conversations[id]?.lastMessage?.body === "ONE");
  });

  it("asks again when nothing came for a while [R10]", async () => {
    await meet();
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until((state) =>
      isCurrent(state) && state.threads[id]?.status === "ready" && ram.me.id in state.presence
    );
    const syncs = () => page.said.filter(({ command }) => command === "sync").length;
    const before = syncs();
    page.clock.go(60_000);
    page.clock.go(60_000);
    expect(syncs()).toBeGreaterThan(before);
  });
});

describe("what one writes", () => {
  it("survives a crash before it was sent, and is sent once", async () => {
    await meet();
    const first = await pageOf(sita).open();
    first.cut();
    first.controller.send(id, "written in a tunnel");
    await first.until(({ outbox }) => outbox.length === 1);
    first.close();

    const again = pageOf(sita, { device: first.device, address: conversationPath("en", id) });
    await again.open();
    await again.until(({ outbox, threads }) => outbox.length === 0 && threads[id]?.messages.length === 1);
    expect(again.bodies(id)).toEqual(["written in a tunnel"]);
    expect(again.device.pending.size).toBe(0);
    const { body } = await ram.get(`/api/messages/conversations/${id}/messages`);
    expect(body.messages).toHaveLength(1);
  });

  it("is changed and deleted at once, and is as it was where that is refused", async () => {
    await meet();
    const mine = await sita.send(id, "mine");
    const theirs = await ram.send(id, "theirs");
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(() => page.bodies(id).length === 2);
    const edited = page.controller.edit(id, mine.seq, "better");
    await page.until(() => page.bodies(id)[0] === "better");
    expect(page.state.changing[id]).toBeDefined();
    expect(await edited).toBeNull();
    expect([page.bodies(id)[0], page.state.changing]).toEqual(["better", {}]);
    const refused = page.controller.remove(id, theirs.seq);
    await page.until(() => page.bodies(id)[1] === null);
    expect((await refused)!.code).toBe("forbidden");
    expect(page.bodies(id)[1]).toBe("theirs");
    expect(page.state.toasts.map(({ text, kind }) => [text, kind])).toEqual([["failure.forbidden", "error"]]);
    await page.controller.remove(id, mine.seq);
    expect(page.bodies(id)[0]).toBeNull();
  });
});

describe("several tabs", () => {
  /** The tabs of one browser, of which the first sends. */
  function oneBrowser(): (ownerId: string, options: TabsOptions) => Tabs {
    const all: TabsOptions[] = [];
    return (_, options) => ({
      isSender: all.push(options) === 1,
      tell: (news) => all.filter((other) => other !== options).forEach((other) => other.onNews(news)),
      close() {},
    });
  }

  it("[S4] show nothing as waiting that one of them knows to have arrived, though no reply came", async () => {
    await meet();
    const browser = { device: new MemoryDevice(), openTabs: oneBrowser() };
    const sender = await pageOf(sita, browser).open();
    const other = await pageOf(sita, browser).open();
    other.cut();
    const pending = { clientId: uuidv7(), conversationId: id, body: "once", createdAt: "", failed: null };
    for (const { store } of [sender, other]) store.apply({ type: "queued", pending });
    await sita.send(id, pending.body, pending.clientId);
    await sender.until(({ outbox }) => outbox.length === 0);
    expect(other.state.outbox).toEqual([]);
  });
});

describe("what the page tells", () => {
  it("says each read position once, and later what it could not say", async () => {
    await meet();
    for (const body of ["one", "two", "three"]) await ram.send(id, body);
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(() => page.bodies(id).length === 3);
    for (const seq of [1, 1, 2, 2]) page.controller.markRead(id, seq);
    expect(reads(page)).toEqual([1, 2]);
    page.cut();
    page.controller.markRead(id, 3);
    expect(page.state.conversations[id]!.unreadCount).toBe(0);
    page.mend();
    await page.until(isCurrent);
    expect(reads(page)).toEqual([1, 2, 3]);
  });

  it("[P2] says what a tab had read that ended without a network", async () => {
    await meet();
    for (const body of ["one", "two"]) await ram.send(id, body);
    const first = await pageOf(sita).open();
    first.cut();
    first.controller.markRead(id, 2);
    first.close();
    const elsewhere = await pageOf(sita).open();
    expect(elsewhere.state.conversations[id]!.unreadCount).toBe(2);

    const again = await pageOf(sita, { device: first.device }).open();
    await expect.poll(() => reads(again)).toEqual([2]);
    await elsewhere.until(({ conversations }) => conversations[id]!.unreadCount === 0);
  });

  it("[P2] says what was read while nobody was signed in", async () => {
    await meet();
    await ram.send(id, "one");
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(() => page.bodies(id).length === 1);
    await sita.delete("/api/sessions/current");
    await page.until(({ account }) => account.status === "out");
    page.controller.markRead(id, 1);
    expect(reads(page)).toEqual([]);
    await sita.post("/api/sessions", { username: sita.me.username, password: PASSWORD });
    page.controller.start();
    await expect.poll(() => reads(page)).toEqual([1]);
  });

  it("takes the mark 'unread' away by reading, where nothing is unread", async () => {
    await meet();
    await ram.send(id, "one");
    const page = await pageOf(sita).open();
    page.controller.markRead(id, 1);
    expect(await page.controller.markUnread(id)).toBeNull();
    expect(page.state.conversations[id]!.my.markedUnread).toBe(true);
    page.controller.markRead(id, 1);
    expect(page.state.conversations[id]!.my.markedUnread).toBe(false);
    await page.until(() => reads(page).length === 2);
  });

  it("tells what has reached this device as one, and nothing of what is read", async () => {
    await meet();
    const page = await pageOf(sita).open();
    await ram.send(id, "one");
    await ram.send(id, "two");
    await page.until(({ conversations }) => conversations[id]?.lastSeq === 2);
    page.clock.go(1_000);
    const told = () => page.said.filter(({ command }) => command === "message:delivered");
    expect(told().map(({ positions }) => positions)).toEqual([[{ conversationId: id, seq: 2 }]]);
    page.controller.markRead(id, 2);
    page.clock.go(1_000);
    expect(told()).toHaveLength(1);
  });

  it("watches what is open and in view, and tells sparingly that somebody types", async () => {
    await meet();
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await page.until(({ presence }) => presence[ram.me.id] !== undefined);
    const said = (command: string) => page.said.filter((one) => one.command === command).length;
    page.controller.watch([id]);
    expect(said("conversation:watch")).toBe(1);
    for (let key = 0; key < 5; key++) page.controller.setTyping(id, true);
    expect(said("typing:start")).toBe(1);
    page.clock.go(3_000);
    page.controller.setTyping(id, true);
    expect(said("typing:start")).toBe(2);
    page.controller.setTyping(id, false);
    page.controller.setTyping(id, false);
    expect(said("typing:stop")).toBe(1);
    page.go(listPath("en"));
    expect(said("conversation:watch")).toBe(1);
    page.controller.watch([]);
    expect(page.said.at(-1)).toMatchObject({ command: "conversation:watch", conversationIds: [] });
  });

  it("ends typing whose end was not heard, and not that which goes on", async () => {
    await meet();
    const [mine, theirs] = [pageOf(sita, { address: conversationPath("en", id) }), pageOf(ram)];
    await Promise.all([mine.open(), theirs.open()]);
    await mine.until(({ presence }) => presence[ram.me.id] !== undefined);
    mine.store.apply({
      type: "events",
      events: [{ event: "typing", conversationId: id, userId: ram.me.id, typing: true }],
    });
    mine.clock.go(2 * TYPING_TTL_MS);
    await mine.until(({ typing }) => typing[id] === undefined);

    theirs.controller.setTyping(id, true);
    await mine.until(({ typing }) => typing[id] !== undefined);
    const asked = () => mine.said.filter(({ command }) => command === "conversation:watch").length;
    const before = asked();
    const { typing } = mine.state;
    mine.clock.go(2 * TYPING_TTL_MS);
    expect(asked()).toBe(before + 1);
    await mine.until((state) => state.typing !== typing);
    expect(mine.state.typing[id]).toEqual([ram.me.id]);
  });

  it("shows who types and who is here", async () => {
    await meet();
    const [mine, theirs] = [pageOf(sita), pageOf(ram)];
    await Promise.all([mine.open(), theirs.open()]);
    mine.go(conversationPath("en", id));
    await mine.until(({ presence }) => presence[ram.me.id]?.presence === "online");
    theirs.controller.setTyping(id, true);
    await mine.until(({ typing }) => typing[id]?.includes(ram.me.id) ?? false);
    theirs.controller.visible(false);
    theirs.clock.go(3 * 60_000);
    await mine.until(({ presence }) => presence[ram.me.id]?.presence === "away");
    theirs.controller.visible(true);
    await mine.until(({ presence }) => presence[ram.me.id]?.presence === "online");
  });
});

describe("settings of a conversation", () => {
  it("are shown at once, and taken back where there is no network", async () => {
    await meet();
    await ram.send(id, "one");
    const page = await pageOf(sita).open();
    const archived = () => page.state.conversations[id]!.my.archived;
    const done = page.controller.setArchived(id, true);
    await page.until(archived);
    expect(await done).toBeNull();
    await page.controller.openArchived();
    expect(page.state.archived.status).toBe("ready");
    page.cut();
    const failed = page.controller.setArchived(id, false);
    await page.until(() => !archived());
    expect((await failed)!.code).toBe("offline");
    expect(archived()).toBe(true);
  });

  it("opens what a link names, and says what is wrong with one that names nobody", async () => {
    await meet();
    const page = await pageOf(sita).open();
    const link = `?to=${ram.me.id}&listing=ad-7&title=A+bicycle&price=12000&currency=NPR`;
    expect(await page.controller.startFromLink(link)).toBeNull();
    const { conversationId } = page.state.route;
    expect(page.state.conversations[conversationId!]!.listing).toMatchObject({ id: "ad-7", price: 12000 });
    expect((await page.controller.startFromLink("?listing=ad-7"))!.code).toBe("invalid");
  });
});

describe("somebody else at the same page", () => {
  it("who signed in in another tab: gets their own, and sends nothing of the first one's in their name", async () => {
    await meet();
    const page = await pageOf(sita, { address: conversationPath("en", id) }).open();
    page.cut();
    page.controller.send(id, "from Sita");
    await page.until(({ outbox }) => outbox.length === 1);
    // The attempt without a network has to be over, so that the next one begins when it is back.
    await turn();
    page.person = ram;
    page.mend();
    await page.until((state) => state.ownerId === ram.me.id && isCurrent(state));
    expect(page.state.outbox).toEqual([]);
    expect((await ram.get(`/api/messages/conversations/${id}/messages`)).body.messages).toEqual([]);
  });

  it("sees nothing of the person before, who signed out", async () => {
    await meet();
    await ram.send(id, "for Sita alone");
    const first = await pageOf(sita, { address: conversationPath("en", id) }).open();
    await first.until(() => first.bodies(id).length === 1);
    await first.controller.signOut();
    expect(first.state).toMatchObject({ account: { status: "out" }, conversations: {}, threads: {}, ownerId: null });
    expect([first.device.account, first.device.threads.size]).toEqual([null, 0]);
  });
});
