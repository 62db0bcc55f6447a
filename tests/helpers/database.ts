// A database of its own for each test: a copy of the migrated template, on one of the servers that the set-up started.

import { inject } from "vitest";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { TEMPLATE, type TestServer } from "./global_setup.ts";

/** The servers to test the store against: `describe.each(databaseServers())("on %s", (server) => …)`. */
export function databaseServers(): TestServer[] {
  return Object.keys(inject("databaseServers")) as TestServer[];
}

/** A fresh database with the whole schema and no rows. `close` ends its connections and drops it. */
export async function createTestDatabase(
  server: TestServer = "embedded",
): Promise<{ sql: Sql; url: string; close: () => Promise<void> }> {
  return await openTestDatabase(server, TEMPLATE);
}

/** A database without anything in it, not even the schema. */
export async function createEmptyDatabase(
  server: TestServer = "embedded",
): Promise<{ sql: Sql; url: string; close: () => Promise<void> }> {
  return await openTestDatabase(server, "template0");
}

async function openTestDatabase(server: TestServer, template: string) {
  const address = inject("databaseServers")[server];
  if (address === undefined) throw new Error(`The PostgreSQL server "${server}" is not running`);
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await administer(address, `create database ${name} template ${template}`);
  const url = `${address}/${name}`;
  const database = await openDatabase({ databaseUrl: url, dataDir: "", log: () => {} });
  return {
    sql: database.sql,
    url,
    async close() {
      await database.close();
      await administer(address, `drop database ${name} with (force)`);
    },
  };
}

async function administer(address: string, statement: string): Promise<void> {
  const { sql, close } = await openDatabase({
    databaseUrl: `${address}/postgres`,
    dataDir: "",
    log: () => {},
    poolSize: 1,
  });
  try {
    await sql.unsafe(statement);
  } finally {
    await close();
  }
}
