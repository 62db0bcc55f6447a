// Tokens at their edges: what is just still taken, and what is refused by the last of several checks only.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, it } from "vitest";
import { createHmac } from "node:crypto";
import { accessTokens, hostTokens } from "../../server/auth/tokens.ts";
import { refusal, UNAUTHENTICATED } from "./world.ts";

const SECRET = "a shared secret of 32 bytes, all";
const NOW_S = Date.UTC(2031, 0, 1) / 1000;
const now = () => NOW_S * 1000;
const SITE = { issuer: "https://site.test", audience: "messages" };
const CLAIMS = { iss: SITE.issuer, aud: SITE.audience, sub: "u-7", exp: NOW_S + 600 };
const verify = hostTokens({ ...SITE, secret: SECRET, jwksUrl: null }, now);

/** Signed whatever it says, byte by byte. */
function forge(header: string | Uint8Array, claims: string | Uint8Array, padding = ""): string {
  const part = (bytes: string | Uint8Array) => Buffer.from(bytes).toString("base64url");
  const input = `${part(header)}${padding}.${part(claims)}`;
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}
/** 32 bytes are 42 characters and four bits: the last two of the 43rd character may say anything. */
function withUnusedBits(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)!) + 1];
}
const HEADER = JSON.stringify({ alg: "HS256" });
const claims = (more: object = {}) => JSON.stringify({ ...CLAIMS, ...more });

it("takes a secret of exactly 32 bytes, and a token of exactly 8,192 characters", async () => {
  expect(SECRET).toHaveLength(32);
  expect((await verify(forge(HEADER, claims()))).payload.sub).toBe("u-7");
  const paddings = Array.from({ length: 100 }, (_, index) => 5950 + index);
  const tokens = paddings.map((length) => forge(HEADER, claims({ padding: "x".repeat(length) })));
  const longest = tokens.find((token) => token.length === 8192)!;
  await verify(longest);
  expect(await refusal(verify(tokens.find((token) => token.length > 8192)!))).toEqual(UNAUTHENTICATED);
});

it("tells when a token ends: with the tolerance, until which it is taken", async () => {
  expect((await verify(forge(HEADER, claims()))).expiresAt).toBe((CLAIMS.exp + 5) * 1000);
});

it("takes an end in the last second of the year 9999, none later", async () => {
  await verify(forge(HEADER, claims({ exp: 253_402_300_799 })));
  expect(await refusal(verify(forge(HEADER, claims({ exp: 253_402_300_800 }))))).toEqual(UNAUTHENTICATED);
});

it.each([
  ["a claim twice", forge(HEADER, `{"sub":"other",${claims().slice(1)}`)],
  ["a header twice", forge(`{"alg":"HS256","alg":"HS256"}`, claims())],
  [
    "claims that are not UTF-8",
    forge(
      HEADER,
      Buffer.concat([
        Buffer.from(claims().slice(0, -1)),
        Buffer.from(`,"n":"`),
        Uint8Array.of(0xff),
        Buffer.from(`"}`),
      ]),
    ),
  ],
  ["a byte order mark", forge(HEADER, `\ufeff${claims()}`)],
  ["a byte order mark before the header", forge(`\ufeff${HEADER}`, claims())],
  ["padding that is signed too", forge(HEADER, claims(), "=")],
  ["padding after the signature", `${forge(HEADER, claims())}=`],
  ["bits of the signature that nobody reads", withUnusedBits(forge(HEADER, claims()))],
  ["critical extensions that are known", forge(JSON.stringify({ alg: "HS256", crit: ["b64"], b64: true }), claims())],
  ["a typ of another kind", forge(JSON.stringify({ alg: "HS256", typ: "dpop+jwt" }), claims())],
])("refuses what can be read in two ways, or says something that we do not know: %s", async (_, token) => {
  expect(await refusal(verify(token))).toEqual(UNAUTHENTICATED);
});

it("takes types however they are written", async () => {
  for (const typ of ["JWT", "jwt", "at+jwt", "application/at+JWT"]) {
    await verify(forge(JSON.stringify({ alg: "HS256", typ }), claims()));
  }
});

it("a token that two keys of the JWKS could have signed is refused, not put off", async () => {
  const pairs = await Promise.all([1, 2].map(() => generateKeyPair("ES256", { extractable: true })));
  const keys = await Promise.all(pairs.map(({ publicKey }) => exportJWK(publicKey)));
  const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg: "ES256" }).sign(pairs[0]!.privateKey);
    expect(await refusal(hostTokens({ ...SITE, secret: null, jwksUrl }, now)(token))).toEqual(UNAUTHENTICATED);
  } finally {
    server.close();
  }
});

it("an access token of our own ends after its time, or with the session where that comes first", async () => {
  const tokens = accessTokens(new TextEncoder().encode(SECRET), now);
  const { expiresAt } = await tokens.issue("u", "s", now() + 7_500);
  expect(expiresAt).toBe(now() + 7_000);
  const long = await tokens.issue("u", "s", now() + 1e9);
  expect(long.expiresAt - now()).toBeGreaterThan(7_000);
  expect(long.expiresAt - now()).toBeLessThan(1e9);
  expect((await tokens.verify(long.token)).payload).toMatchObject({ sub: "u", sid: "s" });
});
