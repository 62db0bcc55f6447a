// The words of conversations that were there before words were kept: each that would be kept today is.
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { migrate } from "../../server/store/migrate.ts";
import { indexWords } from "../../server/store/words.ts";
import { createEmptyDatabase, databaseServers } from "../helpers/database.ts";
import { createPeople } from "../helpers/people.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
const OLDER = /^000[1-3]_/;

const TITLES = [
  "Tea & समोसा, every day!",
  "Hero Splendor २०७८ (2nd hand)",
  "iPhone-12 “Pro” ½ ﬁne_cable",
  "चौतारीको।कुरा — नेपाल",
  "गर्\u200dयो",
  "北京茶馆 tea",
  "สวัสดี ชาว",
];

describe.each(databaseServers())("words of conversations on %s", (server) => {
  it("are made from titles and listings by the migration", async () => {
    const database = await createEmptyDatabase(server);
    const older = mkdtempSync(join(tmpdir(), "chautari-"));
    try {
      for (const file of readdirSync(MIGRATIONS).filter((name) => OLDER.test(name))) {
        cpSync(join(MIGRATIONS, file), join(older, file));
      }
      await migrate(database.sql, { directory: older, log: () => {} });
      const [maker] = await createPeople(database.sql, "Sita") as [string];
      const rows = TITLES.map((title, index) => ({
        id: uuidv7(),
        kind: "group",
        title: index % 2 ? title : "x",
        created_by: maker,
        listing_id: index % 2 ? null : "ad",
        listing_title: index % 2 ? null : title,
        listing_status: index % 2 ? null : "active",
      }));
      await database.sql`insert into conversations ${database.sql(rows)}`;
      await migrate(database.sql, { directory: MIGRATIONS, log: () => {} });
      const kept = await database.sql<{ conversation_id: string; word: string }[]>`select * from conversation_words`;
      for (const { id, title, listing_title } of rows) {
        const words = kept.filter((row) => row.conversation_id === id).map((row) => row.word);
        expect(words).toEqual(expect.arrayContaining(indexWords(`${title} ${listing_title ?? ""}`)));
      }
    } finally {
      rmSync(older, { recursive: true });
      await database.close();
    }
  });
});
