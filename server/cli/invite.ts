// `chautari invite`: a link with which people make their accounts, for whoever runs the server.
import { createAccounts } from "../auth/accounts.ts";
import { readConfig, readEnvironment } from "../config.ts";
import { StartError } from "../store/start_error.ts";
import { createStore } from "../store/store.ts";
import { type Command, parseCommand, UsageError } from "./command.ts";
import { withDatabase } from "./reach.ts";
import { addressOf } from "./serve.ts";

const USES_MAX = 1000;

export const inviteCommand: Command = {
  summary: "Make a link with which people make their accounts",
  help: `Usage: chautari invite [--uses NUMBER] [--url ADDRESS]

The link is good for seven days and for one account, or for --uses of them. --url is where people find the server,
https://chat.example.com for example; without it, where this machine does.

The data is found by --data-dir or --database-url, as serve finds it; the server may be running.`,
  async run(args) {
    const { values, settings } = parseCommand(args, {
      options: { uses: { type: "string" }, url: { type: "string" } },
    });
    const config = readConfig(readEnvironment(), settings);
    const uses = readUses(values.uses);
    const base = readUrl(values.url) ?? addressOf({ ...config, scheme: config.tls === null ? "http" : "https" });
    if (config.jwt !== null) throw new StartError("Your site keeps the accounts: nobody needs an invitation");
    if (config.signup === "closed") {
      throw new StartError("SIGNUP is closed, so no invitation opens it: set it to invite");
    }
    await withDatabase(config, {}, async (sql) => {
      const { users, sessions, codes } = createStore(sql);
      const accounts = createAccounts({ signup: config.signup, now: Date.now, users, sessions, codes });
      const { code, expiresAt } = await accounts.inviteByOwner(uses);
      console.log(`${base}/en/messages#invite=${code}`);
      console.error(`For ${uses === 1 ? "one account" : `${uses} accounts`}, until ${expiresAt}`);
    });
    return 0;
  },
};

function readUses(given: string | boolean | undefined): number {
  const uses = given === undefined ? 1 : Number(given);
  if (Number.isInteger(uses) && uses >= 1 && uses <= USES_MAX) return uses;
  throw new UsageError(`--uses: "${given}" is given; expected a whole number from 1 to ${USES_MAX}`);
}

function readUrl(given: string | boolean | undefined): string | null {
  if (given === undefined) return null;
  const url = URL.canParse(String(given)) ? new URL(String(given)) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw new UsageError(`--url: "${given}" is given; expected an address like https://chat.example.com`);
}
