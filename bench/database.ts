// The PostgreSQL that Chautari brings, with the settings that Chautari gives it, for a peer to use.
// Prints one line when it is ready: its process id. Ends when its input does.
import { join } from "node:path";
import { startEmbedded } from "../server/store/embedded/embedded.ts";

const dataDir = Deno.args[0]!;
Deno.addSignalListener("SIGINT", () => {});
const embedded = await startEmbedded({ dataDir, log: () => {} });
const [postmaster] = (await Deno.readTextFile(join(dataDir, "postgres/postmaster.pid"))).split("\n");
console.log(JSON.stringify({ postmaster: Number(postmaster) }));
for await (const _ of Deno.stdin.readable);
await embedded.close();
Deno.exit(0);
