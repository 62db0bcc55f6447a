// A process that holds the built-in database of a data directory, for tests that kill it: says "ready <pid of PostgreSQL>",
// ends when its input does; a refusal goes to its error output.

import { join } from "node:path";
import { openDatabase } from "../../server/store/database.ts";
import { StartError } from "../../server/store/start_error.ts";

const dataDir = Deno.args[0]!;
try {
  const database = await openDatabase({ databaseUrl: null, dataDir, log: () => {} });
  const [pid] = (await Deno.readTextFile(join(dataDir, "postgres/postmaster.pid"))).split("\n");
  console.log(`ready ${pid}`);
  for await (const _ of Deno.stdin.readable);
  await database.close();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
