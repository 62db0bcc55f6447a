// `chautari user …`: the people of the installation, for whoever runs it.
import { randomBytes } from "node:crypto";
import process from "node:process";
import { text } from "node:stream/consumers";
import { CommandError } from "../../protocol/errors.ts";
import { UserRole } from "../../protocol/models.ts";
import { SignUp } from "../../protocol/rest.ts";
import { hashPassword } from "../auth/passwords.ts";
import { type Config, readConfig, readEnvironment } from "../config.ts";
import { type Account, administration, type Outcome } from "../store/administration.ts";
import type { Sql } from "../store/database.ts";
import { StartError } from "../store/start_error.ts";
import { createStore } from "../store/store.ts";
import { type Command, parseCommand, type Parsed, UsageError, type Words } from "./command.ts";
import { withDatabase } from "./reach.ts";

interface Action {
  words: Words;
  run(config: Config, parsed: Parsed): Promise<void>;
}

const PASSWORD_OPTION = { password: { type: "string" } } as const;
const PASSWORD_BYTES = 12;

const ACTIONS: Record<string, Action> = {
  add: {
    words: {
      positionals: ["USERNAME"],
      options: { ...PASSWORD_OPTION, name: { type: "string" }, role: { type: "string" } },
    },
    async run(config, { positionals: [username], values }) {
      keepsAccounts(config);
      const role = values.role === undefined ? null : readRole(values.role);
      const password = await newPassword(values.password);
      const account = readAccount({ username: username!, name: values.name ?? username!, password });
      const passwordHash = await hashPassword(password);
      await withDatabase(config, { create: true }, async (sql) => {
        const me = await createStore(sql).users.createAccount({ ...account, passwordHash }, async () => {})
          .catch(explained);
        const made = { ...me, deactivatedAt: null, lastSeenAt: null };
        if (role !== null) told(await administration(sql).setRole(made, role), made);
        const { role: now } = (await administration(sql).find(account.username))!;
        console.log(`Made the account ${account.username} (${now})${shownPassword(values.password, password)}`);
      });
    },
  },
  list: {
    words: {},
    async run(config) {
      await withDatabase(config, {}, async (sql) => {
        console.log(["WHO", "NAME", "ROLE", "STATE", "LAST SEEN"].join("\t"));
        await administration(sql).list((accounts) => console.log(accounts.map(line).join("\n")));
      });
    },
  },
  "set-role": {
    words: { positionals: ["WHO", "ROLE"] },
    async run(config, { positionals: [who, given] }) {
      const role = readRole(given!);
      await withDatabase(config, {}, async (sql) => {
        const account = await found(sql, who!);
        told(await administration(sql).setRole(account, role), account);
        console.log(`${nameOf(account)} is ${role} now`);
      });
    },
  },
  "reset-password": {
    words: { positionals: ["USERNAME"], options: PASSWORD_OPTION },
    async run(config, { positionals: [who], values }) {
      keepsAccounts(config);
      const password = await newPassword(values.password);
      await withDatabase(config, {}, async (sql) => {
        const account = await found(sql, who!);
        if (account.username === null) throw new StartError(`${nameOf(account)} has no account here, so no password`);
        readAccount({ username: account.username, name: account.name, password });
        await createStore(sql).users.changePassword(account.id, await hashPassword(password), null, new Date());
        console.log(
          `${nameOf(account)} has a new password, and is signed out${shownPassword(values.password, password)}`,
        );
      });
    },
  },
  deactivate: {
    words: { positionals: ["WHO"] },
    async run(config, { positionals: [who] }) {
      await withDatabase(config, {}, async (sql) => {
        const account = await found(sql, who!);
        told(await administration(sql).deactivate(account), account);
        console.log(`${nameOf(account)} can do nothing here any more`);
      });
    },
  },
};

export const userCommand: Command = {
  summary: "Make, list and change the accounts of people",
  help: `Usage: chautari user add USERNAME [--name NAME] [--role ROLE] [--password -]
       chautari user list
       chautari user set-role WHO ROLE
       chautari user reset-password USERNAME [--password -]
       chautari user deactivate WHO

WHO is a username, or the id that your site's tokens carry as "sub". ROLE is owner, admin or member; the first account
is the owner's. Without --password a new one is made and shown; "--password -" reads one from the standard input.
A new password signs the person out everywhere, and so does deactivation: at once, also while the server runs.

The data is found by --data-dir or --database-url, as serve finds it; the server may be running.`,
  async run(args) {
    const [name = "", ...rest] = args;
    if (!Object.hasOwn(ACTIONS, name)) {
      const expected = Object.keys(ACTIONS).join(", ");
      throw new UsageError(name === "" ? `expected one of ${expected}` : `"${name}" is not one of ${expected}`);
    }
    const action = ACTIONS[name]!;
    const parsed = parseCommand(rest, action.words);
    await action.run(readConfig(readEnvironment(), parsed.settings), parsed);
    return 0;
  },
};

function keepsAccounts({ jwt }: Config): void {
  if (jwt === null) return;
  throw new StartError(
    "Your site keeps the accounts, since JWT_SECRET or JWT_JWKS_URL is given: make the change there",
  );
}

/** A password in the arguments would be seen by everyone on the machine, so it is read, or made. */
async function newPassword(given: string | boolean | undefined): Promise<string> {
  if (given === undefined) return randomBytes(PASSWORD_BYTES).toString("base64url");
  if (given !== "-") throw new UsageError(`--password takes only "-": the password is read from the standard input`);
  return (await text(process.stdin)).replace(/\r?\n$/, "");
}

const shownPassword = (given: unknown, password: string) => given === undefined ? `; the password: ${password}` : "";

function readRole(given: string | boolean): UserRole {
  const role = UserRole.safeParse(given).data;
  if (role === undefined) throw new UsageError(`"${given}" is not a role: expected ${UserRole.options.join(", ")}`);
  return role;
}

/** The same rules as at signing up. Throws UsageError with each mistake. */
function readAccount(given: { username: string; name: string | boolean; password: string }) {
  const { data, error } = SignUp.safeParse(given);
  if (data) return { username: data.username, name: data.name, locale: null };
  throw new UsageError(error!.issues.map(({ path, message }) => `The ${path.join(".")} ${message}`).join("; "));
}

async function found(sql: Sql, who: string): Promise<Account> {
  const account = await administration(sql).find(who);
  if (account === null) throw new StartError(`Nobody here is called "${who}": chautari user list shows who is`);
  return account;
}

function told(outcome: Outcome, account: Account): void {
  if (outcome === "done") return;
  throw new StartError(`${nameOf(account)} is the only owner: make somebody else the owner first`);
}

function explained(error: unknown): never {
  if (!(error instanceof CommandError) || error.code !== "username_taken") throw error;
  throw new StartError("The username is taken: give another one");
}

const nameOf = ({ username, externalId }: Account) => username ?? externalId!;

function line(account: Account): string {
  const { name, role, deactivatedAt, lastSeenAt } = account;
  const state = deactivatedAt === null ? "active" : "deactivated";
  // what people chose must not move the terminal's cursor, nor make a line of its own
  const parts = [nameOf(account), name, role, state, lastSeenAt?.toISOString() ?? "never"];
  return parts.map((part) => part.replace(/[\p{Cc}\u2028\u2029]/gu, "�")).join("\t");
}
