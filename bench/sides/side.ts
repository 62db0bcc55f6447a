// One of the two that are compared: its server process, its database, and how to fill it.
import postgres, { type Sql } from "postgres";
import { join } from "node:path";
import type { ProtocolName, Watched } from "../generator/job.ts";
import type { World } from "../world.ts";

export interface Side extends AsyncDisposable {
  protocol: ProtocolName;
  port: number;
  watched: Watched;
  sql: Sql;
  /** Makes the people, the rooms, and what they said before. */
  fill(world: World): Promise<void>;
  /** Has the server collect its garbage, all of it. */
  collect(): Promise<void>;
}

export type StartSide = (directory: string) => Promise<Side>;

export const ROOT = new URL("../..", import.meta.url).pathname;
export const DATABASE = { user: "chautari", name: "postgres" };

/** Where PostgreSQL listens that Chautari started on this data directory. */
export const socketDirectoryOf = (directory: string): string => join(directory, "run");

export function connect(directory: string): Sql {
  return postgres({
    path: join(socketDirectoryOf(directory), ".s.PGSQL.5432"),
    username: DATABASE.user,
    database: DATABASE.name,
    max: 1,
    onnotice: () => {},
  });
}
