// Who is put out and added again while the store is asked what they missed begins anew: nothing may hide that from them.
import { afterAll, beforeAll, expect, it } from "vitest";
import { Committer } from "../../server/room/committer.ts";
import { Room } from "../../server/room/room.ts";
import { createStore } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createGroup, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

it("[R9] [R5] is told to begin anew, not what is new beyond messages that are not theirs any more", async () => {
  const { participants, messages } = createStore(database.sql);
  const [sita, ram] = await createPeople(database.sql, "Sita", "Ram") as [string, string];
  const id = await createGroup(database.sql, sita, ram);
  await messages.append([append(id, ram, "said before")]);

  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const changesSince: typeof messages.changesSince = async (...of) => {
    asked.resolve();
    await gate.promise;
    return await messages.changesSince(...of);
  };
  const nobody = { subscribersOf: () => [], watchersOf: () => [], left: () => {}, flushed: () => Promise.resolve() };
  const room = new Room(id, {
    store: { participants, messages: { ...messages, changesSince } },
    committer: new Committer(messages),
    audience: nobody,
    onError: (_, error) => {
      throw error;
    },
  });

  const missed = room.missedSince(ram, { seq: 1, version: 1 });
  await asked.promise;
  await room.change(sita, { type: "remove", userId: ram });
  await room.change(sita, { type: "add", userIds: [ram] });
  gate.resolve();
  expect(await missed).toEqual({ state: "reset" });
});
