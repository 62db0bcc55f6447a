// Where the files lie that come with the program: in a checkout, and in the one file that `deno task compile` makes.
import { dirname, join } from "node:path";

/** The one file holds its JavaScript as server/main.js, so that everything lies as it does in a checkout. */
const ROOT = dirname(import.meta.dirname!);

export const MIGRATIONS = join(ROOT, "migrations");
export const CLIENT_DIRECTORY = join(ROOT, "dist", "client");
/** PostgreSQL, packed, with what is said about it in `about.json`; only the one file has it. */
export const PACKED_POSTGRES = join(ROOT, "postgres");
