// `chautari demo`: fills a fresh data directory with a small marketplace, then serves it.
import { ConfigError, readConfig, readEnvironment } from "../config.ts";
import { checkFillable, fillDemo } from "./demo/fill.ts";
import { BUYER, PEOPLE, type PersonKey, SELLER } from "./demo/people.ts";
import { type Command, parseCommand } from "./command.ts";
import { addressOf, migrateDatabase, placeOf, run } from "./serve.ts";
import type { RunningServer } from "./server.ts";

const DEMO_DATA_DIR = "./data-demo";

export const demoCommand: Command = {
  summary: "Show a small marketplace with people and messages, on a data directory of its own",
  help: "Usage: chautari demo [settings]\n\n" +
    `Data is kept in ${DEMO_DATA_DIR} unless --data-dir says otherwise. chautari serve --help lists the settings.`,
  /** Runs until it is told to stop. Throws StartError where the database holds something else, which stays as it is. */
  async run(args) {
    const environment = readEnvironment();
    const { settings } = parseCommand(args, {});
    const config = readConfig({ ...environment, DATA_DIR: environment.DATA_DIR || DEMO_DATA_DIR }, settings);
    if (config.jwt !== null) {
      const given = config.jwt.secret === null ? "JWT_JWKS_URL" : "JWT_SECRET";
      throw new ConfigError([
        `${given}: given to the demo; expected nothing, since the demo's people have accounts here`,
      ]);
    }
    const place = placeOf(config);
    return await run(config, {
      async prepare(sql, log) {
        // before the schema is touched: somebody's own data is not even upgraded
        await checkFillable(sql, place);
        await migrateDatabase(sql, log);
        await fillDemo(sql, place, Date.now());
      },
      started: async (server) => console.log(await welcome(server, place)),
    });
  },
};

/** What the owner of the terminal reads: where the demo is, and a new sign-in link for each of its two people. */
export async function welcome(server: RunningServer, place: string): Promise<string> {
  const address = addressOf(server);
  const link = async (key: PersonKey, lang: string) => {
    const { id } = (await server.store.users.findByUsername(PEOPLE[key].username))!;
    const { code } = await server.accounts!.createSignInLink(id);
    return `${address}/${lang}/messages#sign-in=${code}`;
  };
  return `
Chautari's demo is at ${address}

  ${PEOPLE[BUYER].name}, who buys:
  ${await link(BUYER, "en")}

  ${PEOPLE[SELLER].name}, who sells:
  ${await link(SELLER, "np")}

  One browser is one person: open the second link in a private window or in another browser.
  Each link signs in once; start the demo again for new ones.
  Data: ${place}
`;
}
