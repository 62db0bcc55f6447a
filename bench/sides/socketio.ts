// The other side: the peer of peers/socketio, on the same PostgreSQL with the same settings.
import type { Sql } from "postgres";
import { Child } from "../child.ts";
import { externalId } from "../generator/tokens.ts";
import { conversationId, JWT, userId, type World } from "../world.ts";
import { insertMessages, insertRows, sqlUuid, STORED_BODY } from "./fill.ts";
import { connect, DATABASE, ROOT, type Side, socketDirectoryOf } from "./side.ts";

const PEER = `${ROOT}bench/peers/socketio`;

/** `directory` is empty or not there. */
export async function startSocketIo(directory: string): Promise<Side> {
  await using open = new AsyncDisposableStack();
  const database = open.use(
    new Child({
      name: "The peer's PostgreSQL",
      command: [Deno.execPath(), "run", "--quiet", "--no-prompt", "-P=server", "bench/database.ts", directory],
      cwd: ROOT,
    }),
  );
  const { postmaster } = await database.read<{ postmaster: number }>();
  const sql = connect(directory);
  open.defer(() => sql.end({ timeout: 5 }));
  await sql.unsafe(await Deno.readTextFile(`${PEER}/schema.sql`));
  const address = [socketDirectoryOf(directory), DATABASE.user, DATABASE.name];
  const child = open.use(
    new Child({
      name: "The peer",
      command: ["node", "--expose-gc", "server.js", ...address, JWT.secret, JWT.issuer, JWT.audience],
      cwd: PEER,
      env: { NODE_ENV: "production" },
    }),
  );
  const { port, server } = await child.read<{ port: number; server: number }>();
  const held = open.move();
  return {
    protocol: "socketio",
    port,
    watched: { server, postmaster },
    sql,
    fill: (world) => fill(sql, world),
    collect: () => child.write("collect"),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The peer's packages are its own: installed when they are not there. */
export async function installPeer(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--frozen"],
    cwd: PEER,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`Cannot install the peer's packages:\n${new TextDecoder().decode(stderr)}`);
}

async function fill(sql: Sql, { rooms, membersPerRoom, storedPerRoom = 0 }: World): Promise<void> {
  const people = rooms * membersPerRoom;
  await insertRows(sql, "users", people, (person) => ({
    id: userId(person),
    external_id: externalId(person),
    name: `Person ${person}`,
  }));
  await insertRows(sql, "conversations", rooms, (room) => ({ id: conversationId(room), title: `Room ${room}` }));
  await insertRows(sql, "participants", people, (person) => ({
    conversation_id: conversationId(Math.floor(person / membersPerRoom)),
    user_id: userId(person),
  }));
  if (storedPerRoom > 0) {
    await insertMessages(sql, rooms * storedPerRoom, (first, last) =>
      sql.unsafe(`
        insert into messages (conversation_id, sender_id, client_id, body)
        select ${sqlUuid(2, `n % ${rooms}`)}, ${sqlUuid(1, `n % ${rooms} * ${membersPerRoom}`)}, ${sqlUuid(3, "n")},
          '${STORED_BODY}'
        from generate_series(${first}, ${last}) as n`));
  }
  await sql`analyze`;
}
