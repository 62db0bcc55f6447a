// The doors that a token opens, knocked at with bytes of our own: no library stands between to mend what is wrong.
import { COMMANDS, SUBPROTOCOL } from "../../protocol/commands.ts";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";

/** The site's own, where there is a site. */
export const COOKIE = "bazaar_token";

/** Longer ones do not fit the command. */
export const RENEW_MAX_CHARS: number = COMMANDS["session:renew"].input.shape.token.maxLength!;

export interface Knock {
  /** Method and target. */
  line: string;
  headers: [name: string, value: string][];
}

const UPGRADE: Knock["headers"] = [
  ["upgrade", "websocket"],
  ["sec-websocket-version", "13"],
  ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ["sec-websocket-protocol", SUBPROTOCOL],
];
const ORIGIN = "http://localhost";
const me = (...headers: Knock["headers"]): Knock => ({ line: "GET /api/me", headers });
const socket = (...headers: Knock["headers"]): Knock => ({
  line: "GET /api/messages/socket",
  headers: [...UPGRADE, ...headers],
});
const bearer = (token: string): [string, string] => ["authorization", `Bearer ${token}`];
const cookie = (token: string): [string, string] => ["cookie", `${COOKIE}=${token}`];

export const DOORS = {
  "REST": (token: string): Knock => me(bearer(token)),
  "the ticket": (token: string): Knock => ({ line: "POST /api/messages/socket-ticket", headers: [bearer(token)] }),
  "the socket": (token: string): Knock => socket(bearer(token)),
  "REST by cookie": (token: string): Knock => me(cookie(token)),
  "the socket by cookie": (token: string): Knock => socket(cookie(token), ["origin", ORIGIN]),
};

/** A good token in places where none counts, or beside a bad one. */
export function strangeRequests(good: string, bad: string): [string, Knock][] {
  const authorizations = [
    good,
    `Bearer: ${good}`,
    `Bearer\t${good}`,
    `Bearer${good}`,
    `Bearer "${good}"`,
    `Bearer ${good},`,
    `Bearer ${good} ${good}`,
    `bearer bearer ${good}`,
    `Bearer ${bad}, Bearer ${good}`,
    `Bearer token=${good}`,
    `Basic ${good}`,
    `JWT ${good}`,
    `Token ${good}`,
    `DPoP ${good}`,
    "Bearer",
    "Bearer ",
  ];
  const ways = { REST: me, "the socket": socket };
  return Object.entries(ways).flatMap(([way, knockAt]): [string, Knock][] => {
    const at = (query: string): Knock => ({ line: `${knockAt().line}?${query}`, headers: knockAt().headers });
    return [
      ...authorizations.map((value): [string, Knock] => [
        `${way}, Authorization: ${value.replaceAll(good, "…").replaceAll(bad, "(forged)")}`,
        knockAt(["authorization", value]),
      ]),
      [`${way}, two Authorization headers, the forged one first`, knockAt(bearer(bad), bearer(good))],
      [`${way}, X-Authorization`, knockAt(["x-authorization", `Bearer ${good}`])],
      [`${way}, Proxy-Authorization`, knockAt(["proxy-authorization", `Bearer ${good}`])],
      [`${way}, the session's cookie`, knockAt(["cookie", `${SESSION_COOKIE}=${good}`], ["origin", ORIGIN])],
      [`${way}, a cookie of another name`, knockAt(["cookie", `token=${good}`], ["origin", ORIGIN])],
      [`${way}, a cookie in quotes`, knockAt(["cookie", `${COOKIE}="${good}"`], ["origin", ORIGIN])],
      [
        `${way}, two cookies, the forged one first`,
        knockAt(["cookie", `${COOKIE}=${bad}; ${COOKIE}=${good}`], ["origin", ORIGIN]),
      ],
      ...["token", "access_token", "jwt", "ticket", "authorization", "id_token"].map((name): [string, Knock] => [
        `${way}, ?${name}=`,
        at(`${name}=${good}`),
      ]),
    ];
  });
}

/** The status of the answer; 400 where the connection is closed without one. */
export async function knock(port: number, { line, headers }: Knock): Promise<number> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    const isUpgrade = headers.some(([name]) => name === "upgrade");
    const all = [["host", "localhost"], ["connection", isUpgrade ? "upgrade" : "close"], ...headers];
    const fields = all.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const length = line.startsWith("POST") ? "content-length: 0\r\n" : "";
    await write(connection, new TextEncoder().encode(`${line} HTTP/1.1\r\n${fields}${length}\r\n`));
    return await readStatus(connection);
  } finally {
    connection.close();
  }
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch (error) {
    // Refused before it was all said: what the other end has answered is read all the same.
    if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)) throw error;
  }
}

async function readStatus(connection: Deno.Conn): Promise<number> {
  let answer = "";
  const buffer = new Uint8Array(4096);
  while (!/^HTTP\/1\.1 \d{3}/.test(answer)) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return 400;
    answer += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return Number(answer.slice(9, 12));
}
