// Rows in every table, with every kind of value that COPY text has a spelling for.
import { randomBytes, randomUUID } from "node:crypto";
import type { Sql } from "../../server/store/database.ts";
import { uuidv7 } from "../../protocol/uuid.ts";

const TEXTS = [
  "नमस्ते 👋",
  "tab\there",
  "line\nbreak\r\nand \\N or \\. alone",
  "\\.",
  "\u0001\u007f",
  "quote ' \" {a,b}",
  "x".repeat(4000),
];

/** Fills a migrated database of the first schema or any later one. */
export async function fillWithEverything(sql: Sql): Promise<void> {
  const [ram, sita] = [uuidv7(), uuidv7()].sort() as [string, string];
  const conversation = uuidv7();
  await sql`insert into installation (epoch, token_secret) values (${randomUUID()}, ${randomBytes(32)})`;
  await sql`insert into users (id, username, password_hash, name, role) values (${ram}, 'ram', 'hash', 'Ram', 'owner')`;
  await sql`insert into users (id, external_id, name, picture) values (${sita}, 'sita@site', ${TEXTS[0]!}, ${TEXTS[
    5
  ]!})`;
  await sql`insert into user_words (word, user_id) values ('ram', ${ram}), ('नमस्ते', ${sita})`;
  await sql`
    insert into sessions (id, user_id, secret_hash, expires_at, user_agent)
    values (${uuidv7()}, ${ram}, ${randomBytes(32)}, now() + interval '1 day', ${TEXTS[2]!})`;
  await sql`
    insert into one_time_codes (code_hash, purpose, created_by, expires_at, uses_left)
    values (${randomBytes(32)}, 'invite', ${ram}, 'infinity', 3)`;
  await sql`
    insert into conversations (id, kind, created_by, direct_low, direct_high, participant_count, last_seq, last_version,
      listing_id, listing_title, listing_price, listing_currency, listing_status)
    values (${conversation}, 'direct', ${ram}, ${ram}, ${sita}, 2, ${TEXTS.length + 1}, ${TEXTS.length + 3},
      'ad/1', ${TEXTS[5]!}, 1234.50, 'NPR', 'active')`;
  for (const user of [ram, sita]) {
    await sql`insert into participants (conversation_id, user_id, last_read_seq) values (${conversation}, ${user}, 2)`;
  }
  for (const [index, body] of TEXTS.entries()) {
    await sql`
      insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, edited_at)
      values (${conversation}, ${index + 1}, ${index + 1}, 'text', ${ram}, ${uuidv7()}, ${body},
        ${index === 1 ? new Date() : null})`;
  }
  await sql`
    insert into messages (conversation_id, seq, version, kind, sender_id, system)
    values (${conversation}, ${TEXTS.length + 1}, ${TEXTS.length + 1}, 'system', ${ram}, ${
    sql.json({ note: TEXTS[2]! })
  })`;
  await sql`
    insert into message_revisions (conversation_id, seq, version, body, replaced_by)
    values (${conversation}, 2, 2, ${TEXTS[3]!}, ${ram})`;
}
