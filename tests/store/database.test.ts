// x
import { describe, expect, it, inject } from "vitest";
import { databaseServers } from "../helpers/database.ts";
import { openDatabase } from "../../server/store/database.ts";
describe.each(databaseServers())("on %s", (server) => {
  it("works", async () => {
      const { sql, close } = await openDatabase({ databaseUrl: inject("databaseServers")[server] + "/postgres", dataDir: "", log: () => {}, poolSize:1 });
    for (const s of ["wal_log", "file_copy", "wal_log", "file_copy","wal_log", "file_copy","wal_log", "file_copy"]) {
      const t = performance.now();
      await sql.unsafe(`create database x${Math.random().toString(36).slice(2)} template chautari_template strategy ${s}`);
      console.log(server, s, performance.now() - t);
    }
    const t = performance.now();
    await close();
      console.log(server, "close", performance.now() - t);
  });
});
