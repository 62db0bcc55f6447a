// `chautari doctor`: looks at what goes wrong in practice, and says of each thing how to mend it.
import { type Config, readConfig, readEnvironment } from "../config.ts";
import { MIGRATIONS } from "../places.ts";
import { type Command, parseCommand, UsageError } from "./command.ts";
import { checkDatabase } from "./doctor/database.ts";
import { checkDataDirectory } from "./doctor/data_directory.ts";
import { checkCertificate } from "./doctor/certificate.ts";
import { type Finding, ok, problem, shownFindings, summaryOf } from "./doctor/finding.ts";
import { checkJwt } from "./doctor/jwt.ts";
import { checkOpenFiles } from "./doctor/open_files.ts";
import { checkPort } from "./doctor/port.ts";
import { checkPublicUrl } from "./doctor/public_url.ts";

export const doctorCommand: Command = {
  summary: "Look at what goes wrong in practice, and say how to mend it",
  help: `Usage: chautari doctor [--token -|TOKEN] [--url https://chat.example] [settings]

Checks the data directory, the database, the schema, the port, the limits and the settings of sign-in, beside a running
server or without one. Run it with the settings and as the user that the server has.

  --token -    a token of your site, read from the input, is checked claim by claim (TOKEN itself would be seen by
               everyone on the machine)
  --url URL    the server's public address is asked: the certificate, WebSockets, what the proxies pass on

Nothing is changed. It calls nobody but the database, the JWT_JWKS_URL and the URL that you give.
Exit code 0: no problem; 1: at least one.`,
  async run(args) {
    const options = { token: { type: "string" }, url: { type: "string" } } as const;
    const { values, settings } = parseCommand(args, { options });
    const config = readConfig(readEnvironment(), settings);
    const url = values.url === undefined ? null : readUrl(String(values.url));
    if (values.token !== undefined && config.jwt === null) {
      throw new UsageError(
        "--token: there is nothing to check it against; give JWT_SECRET or JWT_JWKS_URL as the server has them",
      );
    }
    const token = values.token === undefined ? null : await readToken(String(values.token));
    let problems = 0;
    const all: Finding[] = [];
    for (const check of checks(config, token, url)) {
      const findings = await check();
      console.log(shownFindings(findings));
      problems += findings.filter(({ level }) => level === "problem").length;
      all.push(...findings);
    }
    console.log(`\n${summaryOf(all)}`);
    return problems > 0 ? 1 : 0;
  },
};

/** One after the other, each told as soon as it is known. */
function checks(config: Config, token: string | null, url: URL | null): (() => Promise<Finding[]>)[] {
  const { jwt, dataDir, trustProxy, tls } = config;
  const minFreeBytes = config.minFreeMb * 2 ** 20;
  const all = [
    () => checkDataDirectory(dataDir, minFreeBytes),
    () => checkDatabase(config, MIGRATIONS),
    () => checkPort(config),
    () => checkOpenFiles(),
    ...(tls === null ? [] : [() => checkCertificate(tls, Date.now())]),
    jwt === null
      ? () => Promise.resolve([ok("People have accounts here (neither JWT_SECRET nor JWT_JWKS_URL is set)")])
      : () => checkJwt(jwt, token, Date.now()),
    ...(url === null ? [] : [() => checkPublicUrl(url, trustProxy, Date.now)]),
  ];
  return all.map((check) => () => check().catch(unforeseen));
}

/** What one check stumbles over must not hide what the others have to say. */
function unforeseen(error: unknown): Finding[] {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return [problem(`A check could not be made: ${message}`, "Run it as the user who runs the server, or as root")];
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url: "${text}" is given; expected the public address, like https://chat.example`);
  }
  return url;
}

async function readToken(text: string): Promise<string> {
  const token = (text === "-" ? await new Response(Deno.stdin.readable).text() : text).trim();
  if (token === "") throw new UsageError("--token: nothing is given on the input");
  return token.replace(/^Bearer +/i, "");
}
