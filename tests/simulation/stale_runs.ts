// After each event a page holds what a page that is opened then would: one JSON line for each that does not, then how many were tried.
import { isDeepStrictEqual } from "node:util";
import { conversationPath } from "../../client/state/route.ts";
import { show } from "../model/ledger.ts";
import { Browser } from "./browser.ts";
import { Page } from "./page.ts";
import { onStage, play, SCENARIOS, type Stage } from "./scenarios.ts";

const OPEN_MS = 1_500;

let tried = 0;

for (const [event, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    for (const isOpen of [true, false]) {
      tried++;
      const differences = await onStage(async (stage) => {
        if (!isOpen) stage.me.controller.go("/en/messages");
        await stage.world.time.run(OPEN_MS);
        await play(scenario, stage);
        return await compare(stage);
      });
      if (differences.length > 0) {
        console.log(JSON.stringify({ what: `${event}: ${scenario.name}`, violations: differences }));
      }
    }
  }
}
console.log(JSON.stringify({ tried }));

/** The page that lived through it against one of the same person on another device, opened afterwards. */
async function compare({ world, me }: Stage): Promise<string[]> {
  const { conversationId: open } = me.state.route;
  const address = open === null ? "/en/messages" : conversationPath("en", open);
  const browser = new Browser(world.site, me.browser.userId);
  const fresh = new Page({ browser, ledger: world.ledger, record: world.record, address });
  await world.time.run(OPEN_MS);
  const differences: string[] = [...world.ledger.violations];
  const same = (what: string, live: unknown, fetched: unknown) => {
    if (!isDeepStrictEqual(live, fetched)) {
      differences.push(`${what} is ${show(live)}, fetched afresh ${show(fetched)}`);
    }
  };
  const [live, fetched] = [me.state, fresh.state];
  const archivedOrHere = Object.keys(live.conversations).filter((id) => !live.conversations[id]!.my.archived);
  same("the list", archivedOrHere.sort(), Object.keys(fetched.conversations).sort());
  for (const [id, row] of Object.entries(fetched.conversations)) {
    for (const [key, value] of Object.entries(row)) {
      // [T1] How far others are is told of what is open, and shows in the positions below.
      if (key !== "participants") same(`${key} of ${id}`, live.conversations[id]?.[key as keyof typeof row], value);
    }
  }
  if (open === null) return differences;
  const held = ({ replica: { conversations } }: typeof live) => conversations[open];
  same("the messages", held(live)?.messages, held(fetched)?.messages);
  same("the cursor", held(live)?.cursor, held(fetched)?.cursor);
  same("the thread", live.threads[open]?.messages, fetched.threads[open]?.messages);
  // What was known of those who have left, or of those who are not shown any more, is looked at by nobody.
  const known = <Of>(all: Record<string, Of> = {}, shown: object = {}) =>
    Object.fromEntries(Object.keys(shown).map((id) => [id, all[id]]));
  same("the positions", known(live.positions[open], fetched.positions[open]), fetched.positions[open]);
  same("who types", live.typing[open] ?? [], fetched.typing[open] ?? []);
  same("presence", known(live.presence, fetched.presence), fetched.presence);
  return differences;
}
