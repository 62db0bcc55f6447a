// People of a host site and their conversations, for the fuzz to run into.
import { SignJWT } from "jose";
import { uuidv7 } from "../../../protocol/uuid.ts";

export const HOST_SETTINGS = {
  JWT_SECRET: "a secret of the fuzz that is long enough",
  JWT_ISSUER: "fuzz",
  JWT_AUDIENCE: "fuzz",
};

export interface Somebody {
  id: string;
  token: string;
}

export interface People {
  people: Somebody[];
  /** Of people, conversations and nobody. */
  ids: string[];
}

/** So many people, each in a direct conversation with the next and all in two groups, with something said in each. */
export async function meet(url: string, count: number): Promise<People> {
  const people = await Promise.all(Array.from({ length: count }, async (_, n) => {
    const token = await tokenOf(n);
    const { me } = await ask(url, token, "GET", "/api/me");
    return { id: me.id as string, token };
  }));
  const ids = people.map(({ id }) => id);
  const conversations: string[] = [];
  const first = people[0]!;
  for (const title of ["One", "Two"]) {
    const participants = ids.slice(1).map((id) => ({ id }));
    const made = await ask(url, first.token, "POST", "/api/messages/conversations", {
      kind: "group",
      title,
      participants,
    });
    conversations.push(made.conversation.id);
  }
  for (const [n, { token }] of people.entries()) {
    const to = { id: ids[(n + 1) % count]! };
    const made = await ask(url, token, "POST", "/api/messages/conversations", { kind: "direct", to });
    conversations.push(made.conversation.id);
  }
  for (const id of conversations.slice(0, 3)) {
    const message = { clientId: uuidv7(), body: "Namaste" };
    await ask(url, first.token, "POST", `/api/messages/conversations/${id}/messages`, message);
  }
  return { people, ids: [...ids, ...conversations, uuidv7()] };
}

function tokenOf(n: number): Promise<string> {
  return new SignJWT({ name: `Person ${n}` }).setProtectedHeader({ alg: "HS256" }).setSubject(`person-${n}`)
    .setIssuer(HOST_SETTINGS.JWT_ISSUER).setAudience(HOST_SETTINGS.JWT_AUDIENCE).setIssuedAt().setExpirationTime("1d")
    .sign(new TextEncoder().encode(HOST_SETTINGS.JWT_SECRET));
}

// deno-lint-ignore no-explicit-any -- the answers of routes that are tested elsewhere
async function ask(url: string, token: string, method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(url + path, { method, headers, ...body && { body: JSON.stringify(body) } });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}
