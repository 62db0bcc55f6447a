// All trials, in the order of the table.
import { connections, reconnect } from "./connections.ts";
import { MESSAGE_TRIALS } from "./messages.ts";
import { pages } from "./pages.ts";
import type { Trial } from "./trial.ts";

export const TRIALS: Trial[] = [...MESSAGE_TRIALS, connections, reconnect, pages];
