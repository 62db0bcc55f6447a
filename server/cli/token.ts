// `chautari token`: a signed JWT as the host site would give it, for trying host mode.
import { SignJWT } from "jose";
import { UserRole } from "../../protocol/models.ts";
import { readConfig, readEnvironment } from "../config.ts";
import { StartError } from "../store/start_error.ts";
import { type Command, parseCommand, UsageError } from "./command.ts";

const MINUTES = 60;
const MINUTES_MAX = 10_080;

export const tokenCommand: Command = {
  summary: "Sign a token for trying host mode",
  help: `Usage: chautari token SUB [--name NAME] [--role ROLE] [--minutes NUMBER]

Prints a JWT for the person whom your site calls SUB, signed with JWT_SECRET for JWT_ISSUER and JWT_AUDIENCE, as your
site would sign it. It is good for ${MINUTES} minutes, or for --minutes. ROLE is owner, admin or member.`,
  async run(args) {
    const { positionals: [sub], values, settings } = parseCommand(args, {
      positionals: ["SUB"],
      options: { name: { type: "string" }, role: { type: "string" }, minutes: { type: "string" } },
    });
    const { jwt } = readConfig(readEnvironment(), settings);
    if (jwt === null || jwt.secret === null) {
      throw new StartError(
        "A token needs the secret that signs it: give JWT_SECRET, JWT_ISSUER and JWT_AUDIENCE as the server has them",
      );
    }
    const minutes = readMinutes(values.minutes);
    const role = values.role === undefined ? undefined : UserRole.safeParse(values.role).data;
    if (values.role !== undefined && role === undefined) {
      throw new UsageError(`"${values.role}" is not a role: expected ${UserRole.options.join(", ")}`);
    }
    const claims = { ...(values.name !== undefined && { name: values.name }), ...(role && { role }) };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(sub!).setIssuer(jwt.issuer).setAudience(jwt.audience)
      .setIssuedAt().setExpirationTime(`${minutes}m`)
      .sign(new TextEncoder().encode(jwt.secret));
    console.log(token);
    return 0;
  },
};

function readMinutes(given: string | boolean | undefined): number {
  const minutes = given === undefined ? MINUTES : Number(given);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX) return minutes;
  throw new UsageError(`--minutes: "${given}" is given; expected a whole number from 1 to ${MINUTES_MAX}`);
}
