// All conversations of the demo.
import type { Script } from "../script.ts";
import { FRIENDS } from "./friends.ts";
import { HOMES } from "./homes.ts";
import { SHOP } from "./shop.ts";
import { THINGS } from "./things.ts";

export const SCRIPTS: Script[] = [...SHOP, ...HOMES, ...THINGS, ...FRIENDS];
