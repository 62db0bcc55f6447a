// The database: reached, fit for use, safe against a power cut, of this program's schema.
import type { Config } from "../../config.ts";
import { type Database, reachDatabase } from "../../store/database.ts";
import { type DatabaseFacts, readFacts } from "../../store/diagnosis.ts";
import { hasCluster } from "../../store/embedded/cluster.ts";
import { pendingMigrations } from "../../store/migrate.ts";
import { StartError } from "../../store/start_error.ts";
import { type Finding, ok, problem, shownBytes, warning } from "./finding.ts";

const CLOCK_WARNING_MS = 5_000;
/** Beside the server's own pool, for backups and commands. */
const SPARE_CONNECTIONS = 15;

/** Beside a running server its PostgreSQL is asked; without one the built-in PostgreSQL is started for the questions. */
export async function checkDatabase(config: Config, migrations: string): Promise<Finding[]> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === null && !await hasCluster(dataDir).catch(() => true)) {
    return [ok("There is no database yet: the first start makes it")];
  }
  let database: Database;
  try {
    database = await reachDatabase({ databaseUrl, dataDir, log: () => {}, create: false });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return [problem(error.message, databaseUrl === null ? remedyInside(dataDir) : REMEDY_OUTSIDE)];
  }
  try {
    return [...factFindings(await readFacts(database.sql), database.kind), await schema(database, migrations)];
  } finally {
    await database.close();
  }
}

const remedyInside = (dataDir: string) => `${dataDir}/postgres.log says what PostgreSQL itself had to say`;
const REMEDY_OUTSIDE = "Check the address, the password, and that PostgreSQL lets this machine in (pg_hba.conf)";

/** What the facts mean. Version and encoding were checked when the database was opened. */
export function factFindings(facts: DatabaseFacts, kind: Database["kind"]): Finding[] {
  const whose = kind === "embedded" ? "the one inside" : "that of DATABASE_URL";
  const version = `${Math.floor(facts.version / 10_000)}.${facts.version % 10_000}`;
  const findings = [ok(`PostgreSQL ${version} (${whose}), ${facts.encoding}, ${shownBytes(facts.bytes)} of data`)];
  const change = (name: string, value: string) =>
    `alter system set ${name} = ${value}; select pg_reload_conf(); in psql, as a superuser`;
  if (facts.fsync !== "on") {
    findings.push(problem("PostgreSQL runs with fsync off: a power cut destroys the database", change("fsync", "on")));
  }
  if (facts.fullPageWrites !== "on") {
    findings.push(problem(
      "PostgreSQL runs with full_page_writes off: a power cut can damage the database",
      change("full_page_writes", "on"),
    ));
  }
  if (facts.synchronousCommit === "off") {
    findings.push(problem(
      "PostgreSQL runs with synchronous_commit off: a power cut loses messages that were acknowledged",
      change("synchronous_commit", "on"),
    ));
  }
  if (findings.length === 1) findings.push(ok("What PostgreSQL has committed survives a power cut"));
  if (facts.standby) {
    findings.push(
      problem("This PostgreSQL follows another one and takes no writes", "Name the primary in DATABASE_URL"),
    );
  } else if (!facts.mayCreate) {
    findings.push(problem(
      "The user of DATABASE_URL may not make tables in this database",
      "As its owner: grant create, usage on schema public to that user; or make that user the database's owner",
    ));
  }
  findings.push(connections(facts), clock(facts.clockAheadMs));
  return findings;
}

function connections({ connectionsMax, connectionsUsed }: DatabaseFacts): Finding {
  const what = `${connectionsUsed} of PostgreSQL's ${connectionsMax} connections are used`;
  if (connectionsMax - connectionsUsed >= SPARE_CONNECTIONS) return ok(what);
  return warning(
    what,
    `Chautari wants up to ${SPARE_CONNECTIONS}: raise max_connections, or end what holds the others`,
  );
}

function clock(aheadMs: number): Finding {
  if (Math.abs(aheadMs) < CLOCK_WARNING_MS) return ok("This machine's clock and PostgreSQL's agree");
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return warning(
    `PostgreSQL's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's`,
    "Let both machines keep their time by NTP (timedatectl set-ntp true): sessions and tokens end by the clock",
  );
}

async function schema({ sql, kind }: Database, migrations: string): Promise<Finding> {
  try {
    const { applied, pending } = await pendingMigrations(sql, migrations);
    if (pending.length === 0) return ok(`The schema is this program's (${applied} migrations)`);
    if (applied === 0) return ok("The database is empty: the first start makes the schema");
    return warning(
      `${pending.length} migrations are to come: ${pending.join(", ")}`,
      kind === "embedded"
        ? "The next start of this program applies them; chautari backup first, if you want one of your own"
        : "The next start of this program applies them; make a backup first",
    );
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return problem(error.message, "Run the release that fits this database; chautari version says which this is");
  }
}
