// Fills an empty database with the demo's marketplace, through the same store functions that the server uses.
import { MUTE_ALWAYS } from "../../../protocol/limits.ts";
import { uuidv7 } from "../../../protocol/uuid.ts";
import { hashPassword } from "../../auth/passwords.ts";
import { newSecret } from "../../auth/secrets.ts";
import type { Sql } from "../../store/database.ts";
import { type Cast, type Dated, fillOnce, holding } from "../../store/demo.ts";
import type { Append } from "../../store/messages.ts";
import { StartError } from "../../store/start_error.ts";
import type { Store } from "../../store/store.ts";
import { LISTINGS } from "./listings.ts";
import { PEOPLE, type PersonKey } from "./people.ts";
import { type Line, readScript, type Script } from "./script.ts";
import { SCRIPTS } from "./scripts/all.ts";

type Ids = Record<PersonKey, string>;

const KEYS = Object.keys(PEOPLE) as PersonKey[];
const CAST: Cast = { owner: PEOPLE[KEYS[0]!].username, usernames: KEYS.map((key) => PEOPLE[key].username) };
const GROUP_MADE_BEFORE_MS = 60_000;

/** Throws StartError when the database, migrated or not, holds anything but an earlier demo. Changes nothing. */
export async function checkFillable(sql: Sql, place: string): Promise<void> {
  if (await holding(sql, CAST) !== "other") return;
  throw new StartError(
    `Cannot run the demo on ${place}: it holds something else than a demo, which stays as it is. ` +
      `Name an empty folder in DATA_DIR, or an empty database in DATABASE_URL`,
  );
}

/** Fills a migrated database unless it was filled before. Throws StartError as `checkFillable` does. */
export async function fillDemo(sql: Sql, place: string, now: number): Promise<void> {
  await checkFillable(sql, place);
  // One hash for all, of 32 random bytes that nobody keeps: no password opens these accounts, only links do.
  const passwordHash = await hashPassword(newSecret());
  const held = await fillOnce(sql, CAST, async (store) => {
    const ids = await createPeople(store, passwordHash);
    const dated: Dated[] = [];
    for (const script of SCRIPTS) dated.push(await play(store, ids, script, now));
    return dated;
  });
  if (held === "other") await checkFillable(sql, place);
}

/** In their order: the first account owns the installation. */
async function createPeople(store: Store, passwordHash: string): Promise<Ids> {
  const ids: Partial<Ids> = {};
  for (const key of KEYS) {
    const me = await store.users.createAccount({ ...PEOPLE[key], passwordHash }, () => Promise.resolve());
    ids[key] = me.id;
  }
  return ids as Ids;
}

async function play(store: Store, ids: Ids, script: Script, now: number): Promise<Dated> {
  const lines = readScript(script.text, now);
  const times = lines.map((line) => new Date(line.at));
  const conversationId = await begin(store, ids, script, lines);
  // a group's first message says that it was made
  if (script.title !== undefined) times.unshift(new Date(lines[0]!.at - GROUP_MADE_BEFORE_MS));

  let batch: Append[] = [];
  for (const line of lines) {
    const senderId = ids[line.by];
    if ("body" in line) {
      batch.push({ conversationId, senderId, clientId: uuidv7(line.at), body: line.body, replyToSeq: null });
      continue;
    }
    await append(store, batch);
    batch = [];
    await store.participants.change(conversationId, senderId, { type: "add", userIds: [ids[line.adds]] });
  }
  await append(store, batch);

  for (const key of script.people) {
    const read = times.length - (script.unread?.[key] ?? 0);
    await store.participants.movePositions(conversationId, [{
      userId: ids[key],
      lastReadSeq: read,
      lastDeliveredSeq: read,
    }]);
  }
  for (const key of script.archivedBy ?? []) await store.participants.setArchived(conversationId, ids[key], true);
  for (const key of script.mutedBy ?? []) await store.participants.setMuted(conversationId, ids[key], MUTE_ALWAYS);
  return { conversationId, times };
}

async function begin(store: Store, ids: Ids, script: Script, lines: Line[]): Promise<string> {
  const [maker, ...others] = script.people as [PersonKey, ...PersonKey[]];
  const listing = script.listing === undefined ? null : LISTINGS[script.listing];
  if (script.title === undefined) {
    return (await store.conversations.openDirect(ids[maker], ids[others[0]!], listing)).id;
  }
  const later = new Set(lines.flatMap((line) => "adds" in line ? [line.adds] : []));
  const members = others.filter((key) => !later.has(key)).map((key) => ids[key]);
  return await store.conversations.createGroup(ids[maker], script.title, members, listing);
}

async function append(store: Store, batch: Append[]): Promise<void> {
  if (batch.length === 0) return;
  const refused = (await store.messages.append(batch)).find(({ outcome }) => outcome !== "stored");
  if (refused) throw new Error(`Cannot fill the demo: a message came back as ${refused.outcome}`);
}
