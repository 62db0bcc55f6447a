// Every fault that `deno task chaos --fault NAME` knows.
import { diskFault } from "./disk.ts";
import type { Fault } from "./fault.ts";
import { killFault } from "./kill.ts";
import { termFault } from "./term.ts";

export const FAULTS: Record<string, () => Fault> = {
  kill: killFault,
  term: termFault,
  disk: () => diskFault({ watermark: true }),
  "disk-full": () => diskFault({ watermark: false }),
};
