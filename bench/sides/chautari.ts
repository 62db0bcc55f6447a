// Our side: Chautari with the PostgreSQL that it brings.
import type { Sql } from "postgres";
import { Child } from "../child.ts";
import { externalId } from "../generator/tokens.ts";
import { conversationId, userId, type World } from "../world.ts";
import { insertMessages, insertRows, sqlUuid, STORED_BODY } from "./fill.ts";
import { connect, ROOT, type Side } from "./side.ts";

/** `directory` is empty or not there; `denoArgs` are more arguments to Deno, as for a profile. */
export async function startChautari(directory: string, denoArgs: string[] = []): Promise<Side> {
  const args = ["run", "--quiet", "--no-prompt", "-P=server", "--v8-flags=--expose-gc", ...denoArgs];
  await using open = new AsyncDisposableStack();
  const command = [Deno.execPath(), ...args, "bench/chautari.ts", directory];
  const child = open.use(new Child({ name: "Chautari", command, cwd: ROOT }));
  const { port, server, postmaster } = await child.read<{ port: number; server: number; postmaster: number }>();
  const sql = connect(directory);
  open.defer(() => sql.end({ timeout: 5 }));
  const held = open.move();
  return {
    protocol: "chautari",
    port,
    watched: { server, postmaster },
    sql,
    fill: (world) => fill(sql, world),
    collect: () => child.write("collect"),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function fill(sql: Sql, { rooms, membersPerRoom, storedPerRoom = 0 }: World): Promise<void> {
  const people = rooms * membersPerRoom;
  await insertRows(sql, "users", people, (person) => ({
    id: userId(person),
    external_id: externalId(person),
    name: `Person ${person}`,
  }));
  await insertRows(sql, "conversations", rooms, (room) => ({
    id: conversationId(room),
    kind: "group",
    title: `Room ${room}`,
    created_by: userId(room * membersPerRoom),
    participant_count: membersPerRoom,
  }));
  await insertRows(sql, "participants", people, (person) => ({
    conversation_id: conversationId(Math.floor(person / membersPerRoom)),
    user_id: userId(person),
  }));
  if (storedPerRoom > 0) {
    await insertMessages(sql, rooms * storedPerRoom, (first, last) =>
      sql.unsafe(`
        insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body)
        select ${sqlUuid(2, `n % ${rooms}`)}, n / ${rooms} + 1, n / ${rooms} + 1, 'text',
          ${sqlUuid(1, `n % ${rooms} * ${membersPerRoom}`)}, ${sqlUuid(3, "n")}, '${STORED_BODY}'
        from generate_series(${first}, ${last}) as n`));
    await sql`update conversations set last_seq = ${storedPerRoom}, last_version = ${storedPerRoom}`;
  }
  await sql`analyze`;
}
