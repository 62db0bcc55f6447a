// The doors that a name or a title comes in by, and what they say.
import { SignJWT } from "jose";
import { NAME_MAX_CHARS, TITLE_MAX_CHARS } from "../../protocol/limits.ts";
import type { RunningServer } from "../../server/cli/server.ts";

export const SITE = { secret: "a secret of the site, 32 bytes or more", issuer: "bazaar", audience: "chautari" };
const PASSWORD = "a password for everybody";
/** A password is hashed for each of these: few of them show the same. */
const SIGN_UPS_MAX = 10;

export interface Door {
  name: string;
  max: number;
  /** Gives the name or title as others see it, or how it was refused. */
  enter(text: string, n: number): Promise<string | Answer>;
  /** The code; with `invalid`, what is wrong is named. */
  refusal?: "unauthenticated";
  triesMax?: number;
}

export async function doors(site: RunningServer, own: RunningServer): Promise<Door[]> {
  const admin = await tokenOf("site", { name: "Bazaar", role: "admin" });
  const seller = await meet(site, "seller", "Seller");
  const made = await ask(own, "POST", "/api/accounts", { username: "first", password: PASSWORD, name: "First" });
  const cookie = made.headers.get("set-cookie")!.split(";")[0]!;
  const groups = "/api/messages/conversations";
  const group = await ask(site, "POST", groups, { kind: "group", title: "Tea", participants: [] }, admin);
  const seen = (answer: Answer, path: (body: Answer["body"]) => string) =>
    answer.status < 300 ? path(answer.body) : answer;
  return [
    {
      name: "sign-up",
      max: NAME_MAX_CHARS,
      triesMax: SIGN_UPS_MAX,
      enter: async (name, n) =>
        seen(
          await ask(own, "POST", "/api/accounts", { username: `attacker-${n}`, password: PASSWORD, name }),
          ({ me }) => me.name,
        ),
    },
    {
      name: "profile",
      max: NAME_MAX_CHARS,
      enter: async (name) => seen(await ask(own, "PATCH", "/api/me", { name }, { cookie }), ({ me }) => me.name),
    },
    {
      name: "the site's token",
      max: NAME_MAX_CHARS,
      enter: async (name, n) => (await meet(site, `attacker-${n}`, name.toWellFormed())).name,
    },
    {
      name: "an id in place of a name",
      // A token with such an id is none.
      refusal: "unauthenticated",
      max: NAME_MAX_CHARS,
      enter: async (text, n) => {
        const token = await tokenOf(`${n} ${text.toWellFormed().replaceAll("\0", "")}`.slice(0, 200), {});
        return seen(await ask(site, "GET", "/api/me", undefined, token), ({ me }) => me.name);
      },
    },
    {
      name: "provisioning",
      max: NAME_MAX_CHARS,
      enter: async (name) => seen(await ask(site, "PUT", "/api/users/known", { name }, admin), ({ me }) => me.name),
    },
    {
      name: "a new group's title",
      max: TITLE_MAX_CHARS,
      enter: async (title) =>
        seen(
          await ask(site, "POST", groups, { kind: "group", title, participants: [] }, admin),
          ({ conversation }) => conversation.title,
        ),
    },
    {
      name: "a group's title",
      max: TITLE_MAX_CHARS,
      enter: async (title) => {
        const path = `${groups}/${group.body.conversation.id}`;
        const answer = await ask(site, "PUT", `${path}/title`, { title }, admin);
        return answer.status >= 300 ? answer : (await ask(site, "GET", path, undefined, admin)).body.conversation.title;
      },
    },
    {
      name: "a listing's title",
      max: TITLE_MAX_CHARS * 2,
      enter: async (title, n) => {
        const wanted = { kind: "direct", to: { id: seller.id }, listing: { id: `ad-${n}`, title } };
        return seen(
          await ask(site, "POST", groups, wanted, admin),
          ({ conversation }) => conversation.listing.title,
        );
      },
    },
  ];
}

export interface Answer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- the answers of routes that are tested elsewhere
  body: any;
}

export async function ask(
  server: RunningServer,
  method: string,
  path: string,
  body?: unknown,
  as?: string | { cookie: string },
): Promise<Answer> {
  const headers: Record<string, string> = { origin: "http://localhost", "content-type": "application/json" };
  if (typeof as === "string") headers.authorization = `Bearer ${as}`;
  else if (as) headers.cookie = as.cookie;
  const answer = await server.app.request(`http://localhost${path}`, {
    method,
    headers,
    ...body !== undefined && { body: JSON.stringify(body) },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
}

/** Somebody of the site, known from their token. */
export async function meet(site: RunningServer, sub: string, name: string) {
  const token = await tokenOf(sub, { name });
  const { status, body } = await ask(site, "GET", "/api/me", undefined, token);
  if (status !== 200) throw new Error(`Cannot meet ${codes(name)}: ${status} ${JSON.stringify(body)}`);
  return { token, id: body.me.id as string, name: body.me.name as string };
}

function tokenOf(sub: string, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setSubject(sub).setIssuer(SITE.issuer)
    .setAudience(SITE.audience).setExpirationTime("1h").sign(new TextEncoder().encode(SITE.secret));
}

export function codes(text: string): string {
  return Array.from(text, (char) => `U+${char.codePointAt(0)!.toString(16).padStart(4, "0")}`).join(" ");
}
