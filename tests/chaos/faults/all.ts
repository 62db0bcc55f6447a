// Every fault that `deno task chaos --fault NAME` knows.
import { clockFault } from "./clock.ts";
import { diskFault } from "./disk.ts";
import type { Fault } from "./fault.ts";
import { killFault } from "./kill.ts";
import { mixedFault } from "./mixed.ts";
import { networkFault } from "./network.ts";
import { postgresFault } from "./postgres.ts";
import { postgresStopFault } from "./postgres_stop.ts";
import { stopFault } from "./stop.ts";
import { termFault } from "./term.ts";

export const FAULTS: Record<string, () => Fault> = {
  kill: killFault,
  term: termFault,
  stop: () => stopFault(),
  postgres: postgresFault,
  "postgres-stop": () => postgresStopFault(),
  network: networkFault,
  clock: clockFault,
  disk: () => diskFault({ watermark: true }),
  "disk-full": () => diskFault({ watermark: false }),
  mixed: () => mixedFault([stopFault(), postgresFault(), postgresStopFault(), networkFault(), clockFault()]),
};
