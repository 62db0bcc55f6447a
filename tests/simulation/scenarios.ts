// Everything that can happen to a conversation, once each, by the event that tells of it: a new event without one does not compile.
import type { Event } from "../../protocol/frames.ts";
import { conversationPath } from "../../client/state/route.ts";
import { PRESENCE_GRACE_MS, TYPING_TTL_MS } from "../../protocol/limits.ts";
import type { Page } from "./page.ts";
import { planOf } from "./plan.ts";
import { FAIR } from "./site.ts";
import { World } from "./world.ts";

/** Three people, the first of whom is looked at, each with a page that has the group open; all have said something. */
export interface Stage {
  world: World;
  me: Page;
  other: Page;
  third: Page;
  direct: string;
  /** Of all three; the first is its admin. */
  group: string;
  /** Of the second, who is its admin, and the first. */
  two: string;
}

export interface Scenario {
  name: string;
  act(stage: Stage): unknown;
  /** How long it takes to show, in milliseconds. */
  takesMs?: number;
}

const conversations = "/api/messages/conversations";
const put = (page: Page, id: string, what: string, body: unknown) =>
  page.rest.ask("PUT", `${conversations}/${id}/${what}`, body);
const textOf = (page: Page, id: string) =>
  page.state.threads[id]!.messages.findLast(({ senderId, kind }) =>
    kind === "text" && senderId === page.browser.userId
  )!;

export const SCENARIOS: Record<Event["event"], Scenario[]> = {
  welcome: [
    {
      name: "comes back after a pause",
      takesMs: 6_000,
      act: ({ world, me, other, group }) => {
        world.offline(me.browser, 3_000);
        world.time.after(500, () => other.say(group));
        world.time.after(700, () => other.say(group));
        world.time.after(900, () => void other.edit(textOf(other, group)));
      },
    },
    {
      name: "comes back to a server that was started again",
      takesMs: 6_000,
      act: ({ world, me, other, group }) => {
        world.offline(me.browser, 3_000);
        other.say(group);
        world.time.after(300, () => world.site.server!.crash());
        world.time.after(600, () => world.site.start());
      },
    },
  ],
  message: [
    { name: "somebody says something", act: ({ other, group }) => other.say(group) },
    { name: "says something", act: ({ me, direct }) => me.say(direct) },
    {
      name: "several say something at once",
      act: ({ me, other, third, group }) => [me, other, third].forEach((page) => page.say(group)),
    },
    {
      name: "somebody edits",
      act: ({ other, group }) => other.edit(textOf(other, group)),
    },
    { name: "edits", act: ({ me, group }) => me.edit(textOf(me, group)) },
    { name: "somebody deletes", act: ({ other, group }) => other.remove(textOf(other, group)) },
    { name: "an admin deletes", act: ({ me, other, group }) => me.remove(textOf(other, group)) },
    { name: "somebody renames", act: ({ other, two }) => put(other, two, "title", { title: "Another" }) },
    {
      name: "somebody is put out",
      act: ({ me, third, group }) =>
        me.rest.ask("DELETE", `${conversations}/${group}/participants/${third.browser.userId}`),
    },
    { name: "somebody leaves", act: ({ third, group }) => third.controller.leave(group) },
    { name: "somebody leaves a direct conversation", act: ({ other, direct }) => other.controller.leave(direct) },
    {
      name: "somebody comes back to a direct conversation",
      takesMs: 4_000,
      act: ({ world, me, other, direct }) => {
        void other.controller.leave(direct);
        world.time.after(1_000, () => void other.controller.startDirect(me.browser.userId));
      },
    },
    {
      name: "somebody is added",
      act: ({ other, third, two }) =>
        other.rest.ask("POST", `${conversations}/${two}/participants`, {
          participants: [{ id: third.browser.userId }],
        }),
    },
    {
      name: "somebody becomes an admin",
      act: ({ me, other, group }) => put(me, group, `participants/${other.browser.userId}/role`, { role: "admin" }),
    },
  ],
  conversation: [
    {
      name: "a group is made",
      act: ({ me, other }) =>
        other.rest.ask("POST", conversations, {
          kind: "group",
          title: "New",
          participants: [{ id: me.browser.userId }],
        }),
    },
    {
      name: "a direct conversation begins",
      takesMs: 4_000,
      act: async ({ me, third }) => {
        await third.controller.startDirect(me.browser.userId);
        third.say(third.state.route.conversationId!);
      },
    },
    { name: "opens a direct conversation", act: ({ me, third }) => me.controller.startDirect(third.browser.userId) },
    { name: "gets a colour", act: ({ me, group }) => put(me, group, "colour", { colour: 3 }) },
    { name: "archives", act: ({ me, two }) => me.controller.setArchived(two, true) },
    { name: "mutes", act: ({ me, two }) => me.controller.setMuted(two, "2030-01-01T00:00:00.000Z") },
    { name: "marks unread", act: ({ me, two }) => me.controller.markUnread(two) },
  ],
  "conversation:left": [
    { name: "leaves", act: ({ me, two }) => me.controller.leave(two) },
    {
      name: "is put out",
      act: ({ me, other, two }) =>
        other.rest.ask("DELETE", `${conversations}/${two}/participants/${me.browser.userId}`),
    },
  ],
  positions: [
    {
      name: "reads",
      act: ({ me, group }) => me.controller.markRead(group, me.state.threads[group]!.messages.at(-1)!.seq),
    },
    {
      name: "somebody reads",
      act: ({ other, group }) => other.controller.markRead(group, other.state.threads[group]!.messages.at(-1)!.seq),
    },
  ],
  typing: [
    { name: "somebody types", act: ({ other, group }) => other.controller.setTyping(group, true) },
    {
      name: "somebody stops typing",
      act: ({ world, other, group }) => {
        other.controller.setTyping(group, true);
        world.time.after(500, () => other.controller.setTyping(group, false));
      },
    },
    {
      name: "somebody's typing ends by itself",
      takesMs: TYPING_TTL_MS + 2_000,
      act: ({ other, group }) => other.controller.setTyping(group, true),
    },
  ],
  presence: [
    {
      name: "somebody goes",
      takesMs: PRESENCE_GRACE_MS + 3_000,
      act: ({ world, other }) => world.close(other),
    },
    { name: "somebody is away", takesMs: 4 * 60_000, act: ({ other }) => other.controller.visible(false) },
  ],
};

const SEED = 1;
const STEP_MS = 2_000;

/** Sets the stage as it stands before a scenario, the same each time, in a time of its own; then does `work` there. */
export async function onStage<Result>(work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const world = new World({ ...planOf(SEED, 0), people: [[1], [1], [1]], weather: FAIR, hasLongTexts: false });
  using _ = world.time.install();
  await world.begin();
  const [me, other, third] = world.pages as [Page, Page, Page];
  const [direct, group, two] = world.conversations as [string, string, string];
  for (const page of [me, other, third]) page.controller.go(conversationPath("en", group));
  await world.time.run(STEP_MS);
  for (const page of [me, other, third]) page.say(group);
  other.say(two);
  me.say(direct);
  await world.time.run(STEP_MS);
  try {
    return await work({ world, me, other, third, direct, group, two });
  } finally {
    world.end();
  }
}

/** Runs a scenario on its stage, with the time that it takes. */
export async function play(scenario: Scenario, stage: Stage): Promise<void> {
  // What is refused shows in what everyone then holds.
  void Promise.resolve(scenario.act(stage)).catch(() => {});
  await stage.world.time.run(scenario.takesMs ?? STEP_MS);
}
