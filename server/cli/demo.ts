// `chautari demo`: fills a fresh data directory with a small marketplace, then serves it.
import { ConfigError, readConfig, readEnvironment } from "../config.ts";
import { checkFillable, fillDemo } from "./demo/fill.ts";
import { BUYER, PEOPLE, type PersonKey, SELLER } from "./demo/people.ts";
import { addressOf, explained, migrateDatabase, placeOf, run } from "./serve.ts";
import type { RunningServer } from "./server.ts";

const DEMO_DATA_DIR = "./data-demo";

/** Runs until it is told to stop. Returns the exit code: 1 where the database holds something else, which stays as it is. */
export function demo(args: string[]): Promise<number> {
  return explained(async () => {
    const environment = readEnvironment();
    const config = readConfig({ ...environment, DATA_DIR: environment.DATA_DIR || DEMO_DATA_DIR }, args);
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
  });
}

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
