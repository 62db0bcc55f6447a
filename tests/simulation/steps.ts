// What can happen in a simulated world: what people do, and what goes wrong between them and the server.
import type { Failure } from "../../client/state/failure.ts";
import { conversationPath, listPath } from "../../client/state/route.ts";
import type { Message } from "../../protocol/models.ts";
import type { Page } from "./page.ts";
import type { Slot, World } from "./world.ts";

export interface Scene {
  world: World;
  slot: Slot;
  /** One of the world's conversations. */
  conversationId: string;
  pick: number;
}

/** Whole worlds go without some of these, so that others are not always in their way. */
export type Feature =
  | "always"
  | "changing"
  | "reading"
  | "membership"
  | "sessions"
  | "tabs"
  | "links"
  | "losses"
  | "crashes"
  | "store"
  | "making";

interface Step {
  feature: Feature;
  /** How often, against the others. */
  weight: number;
  act(scene: Scene): unknown;
}

const REFUSALS = new Set([
  "not_found",
  "forbidden",
  "user_not_found",
  "not_a_group",
  "offline",
  "unavailable",
  "unauthenticated",
  "recipient_left",
]);
const LONG_TEXT = " ".repeat(3_000) + "long";
const STORE_DOWN_MAX_MS = 4_000;
const RESTART_MAX_MS = 3_000;

/** Who is signed out sees nothing that they could do. */
function isIn(slot: Slot): slot is Slot & { page: Page } {
  return slot.page?.state.account.status === "in";
}

/** The page does it, if there is one; what it is refused for the usual reasons is as it should be. */
function ask({ world, slot }: Scene, work: (page: Page) => Promise<unknown>): void {
  if (!isIn(slot)) return;
  const { page } = slot;
  work(page).then((failure) => failure && judge(failure as Failure), judge);
  function judge(failure: Partial<Failure>): void {
    if (failure.code === undefined) return failure instanceof Error ? world.ledger.report(failure.stack!) : undefined;
    if (!REFUSALS.has(failure.code)) world.ledger.report(`${page.browser.userId} was refused: ${failure.code}`);
  }
}

const conversations = "/api/messages/conversations";

/** Texts of one's own, or of anyone's, that a page shows. */
function textsOf({ slot, conversationId }: Scene, { own }: { own: boolean }): Message[] {
  const { messages = [] } = slot.page?.state.threads[conversationId] ?? {};
  return messages.filter(({ body, senderId }) => body !== null && (!own || senderId === slot.browser.userId));
}

/** Somebody other than the page's own person. */
function other({ world, slot, pick }: Scene): string {
  const others = world.people.filter((id) => id !== slot.browser.userId);
  return others[pick % others.length]!;
}

/** A page of an admin of the group, where one is open. */
function asAdmin(scene: Scene): Scene {
  const { world, conversationId } = scene;
  const row = world.site.rows.conversations.get(conversationId)!;
  const isAdmin = ({ browser, page }: Slot) => page && row.participants.get(browser.userId)?.role === "admin";
  return { ...scene, slot: world.slots.find(isAdmin) ?? scene.slot };
}

export const STEPS = {
  visit: {
    feature: "always",
    weight: 10,
    // By its address, too: also what is not ours, or not yet.
    act: ({ slot, conversationId }) => slot.page?.controller.go(conversationPath("en", conversationId)),
  },
  toList: { feature: "always", weight: 1, act: ({ slot }) => slot.page?.controller.go(listPath("en")) },
  say: {
    feature: "always",
    weight: 16,
    act: ({ world, slot, conversationId }) =>
      isIn(slot) && slot.page.say(conversationId, world.hasLongTexts ? LONG_TEXT : ""),
  },
  burst: {
    feature: "always",
    weight: 5,
    act: ({ slot, conversationId, pick }) => {
      for (let count = 0; isIn(slot) && count < 2 + pick % 5; count++) slot.page.say(conversationId);
    },
  },
  edit: {
    feature: "changing",
    weight: 8,
    act: (scene) => {
      const texts = textsOf(scene, { own: true });
      if (texts.length === 0) return;
      ask(scene, (page) => page.edit(texts[scene.pick % texts.length]!));
    },
  },
  remove: {
    feature: "changing",
    weight: 5,
    act: (scene) => {
      const texts = textsOf(scene, { own: scene.pick % 4 > 0 });
      if (texts.length === 0) return;
      ask(scene, (page) => page.remove(texts[scene.pick % texts.length]!));
    },
  },
  read: {
    feature: "reading",
    weight: 10,
    act: ({ slot, conversationId, pick }) => {
      if (!isIn(slot)) return;
      const { messages = [] } = slot.page.state.threads[conversationId] ?? {};
      const seq = messages.at(-1 - pick % 4)?.seq;
      if (seq !== undefined) slot.page.controller.markRead(conversationId, seq);
    },
  },
  type: {
    feature: "reading",
    weight: 2,
    act: ({ slot, conversationId, pick }) => slot.page?.controller.setTyping(conversationId, pick % 3 > 0),
  },
  markUnread: {
    feature: "reading",
    weight: 2,
    act: (scene) => ask(scene, ({ controller }) => controller.markUnread(scene.conversationId)),
  },
  archive: {
    feature: "reading",
    weight: 2,
    act: (scene) => ask(scene, ({ controller }) => controller.setArchived(scene.conversationId, scene.pick % 2 === 0)),
  },
  scroll: {
    feature: "reading",
    weight: 2,
    act: ({ slot, conversationId }) => void slot.page?.controller.loadOlder(conversationId),
  },
  leave: {
    feature: "membership",
    weight: 3,
    act: (scene) => ask(scene, ({ controller }) => controller.leave(scene.conversationId)),
  },
  comeBack: {
    feature: "membership",
    weight: 3,
    act: (scene) => ask(scene, ({ controller }) => controller.startDirect(other(scene))),
  },
  putOut: { feature: "membership", weight: 3, act: (scene) => putOut(asAdmin(scene)) },
  add: { feature: "membership", weight: 5, act: (scene) => add(asAdmin(scene)) },
  swap: {
    feature: "membership",
    weight: 4,
    act: (scene) => {
      const admin = asAdmin(scene);
      const gone = other(admin);
      if (scene.pick % 3 > 0) {
        for (const { browser, page } of scene.world.slots) if (browser.userId === gone) page?.link?.cut();
      }
      putOut(admin);
      add(admin);
    },
  },
  rename: {
    feature: "making",
    weight: 2,
    act: (scene) =>
      ask(
        asAdmin(scene),
        ({ rest }) =>
          rest.ask("PUT", `${conversations}/${scene.conversationId}/title`, { title: `Title ${scene.pick}` }),
      ),
  },
  role: {
    feature: "making",
    weight: 2,
    act: (scene) => {
      const admin = asAdmin(scene);
      const path = `${conversations}/${scene.conversationId}/participants/${other(admin)}/role`;
      ask(admin, ({ rest }) => rest.ask("PUT", path, { role: scene.pick % 2 === 0 ? "admin" : "member" }));
    },
  },
  colour: {
    feature: "making",
    weight: 1,
    act: (scene) =>
      ask(
        asAdmin(scene),
        ({ rest }) => rest.ask("PUT", `${conversations}/${scene.conversationId}/colour`, { colour: scene.pick % 8 }),
      ),
  },
  makeGroup: {
    feature: "making",
    weight: 1,
    act: (scene) =>
      ask(
        scene,
        ({ rest }) =>
          rest.ask("POST", conversations, { kind: "group", title: "More", participants: [{ id: other(scene) }] }),
      ),
  },

  cut: { feature: "links", weight: 8, act: ({ slot }) => slot.page?.link?.cut() },
  die: { feature: "links", weight: 3, act: ({ slot, pick }) => slot.page?.link?.die(100 * pick) },
  hold: { feature: "links", weight: 4, act: ({ slot }) => slot.page?.link?.hold() },
  release: {
    feature: "links",
    weight: 6,
    act: ({ world }) => world.slots.forEach(({ page }) => page?.link?.release()),
  },
  offline: { feature: "links", weight: 3, act: ({ slot, world, pick }) => world.offline(slot.browser, 50 * pick) },
  wake: { feature: "links", weight: 4, act: ({ slot }) => slot.page?.controller.wake() },
  lose: {
    feature: "losses",
    weight: 4,
    act: ({ slot, world }) => {
      if (!slot.page?.link?.isOpen) return;
      slot.page.link.losesNext = true;
      world.hasLost = true;
    },
  },
  crash: {
    feature: "crashes",
    weight: 5,
    act: ({ world, pick }) => {
      world.site.server?.crash();
      world.site.time.after(RESTART_MAX_MS * pick / 60, () => world.site.start());
    },
  },
  restore: {
    feature: "crashes",
    weight: 1,
    act: ({ world, pick }) => {
      world.site.server?.crash();
      world.site.time.after(RESTART_MAX_MS * pick / 60, () => world.site.start({ newEpoch: pick % 3 === 0 }));
    },
  },
  breakStore: {
    feature: "store",
    weight: 3,
    act: ({ world, pick }) => world.site.breakStore(STORE_DOWN_MAX_MS * pick / 60),
  },
  endSession: {
    feature: "sessions",
    weight: 3,
    act: ({ world, slot, pick }) => {
      world.site.weather = { ...world.site.weather, sessionMs: pick % 3 === 0 ? 400 * (1 + pick) : Infinity };
      world.site.sessions.end(slot.browser.cookie!);
    },
  },
  signIn: { feature: "sessions", weight: 8, act: ({ world }) => world.signInAll() },
  closeTab: {
    feature: "tabs",
    weight: 3,
    act: ({ world, slot }) => slot.page && world.close(slot.page),
  },
  openTab: { feature: "tabs", weight: 8, act: ({ world, slot }) => world.open(slot) },
  turnTab: { feature: "tabs", weight: 3, act: ({ slot }) => slot.browser.turn() },
} satisfies { [name: string]: Step };

export type StepName = keyof typeof STEPS;

function putOut(scene: Scene): void {
  const path = `${conversations}/${scene.conversationId}/participants/${other(scene)}`;
  ask(scene, ({ rest }) => rest.ask("DELETE", path));
}

function add(scene: Scene): void {
  const body = { participants: [{ id: other(scene) }] };
  ask(scene, ({ rest }) => rest.ask("POST", `${conversations}/${scene.conversationId}/participants`, body));
}
