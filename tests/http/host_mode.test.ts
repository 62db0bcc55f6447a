// Host mode over REST: the site's token is the way in, and there are no accounts of our own.
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Caller, createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";

const SECRET = "a secret of the site, 32 bytes or more";
const key = new TextEncoder().encode(SECRET);

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({
    environment: {
      JWT_SECRET: SECRET,
      JWT_ISSUER: "bazaar",
      JWT_AUDIENCE: "chautari",
      JWT_COOKIE: "bazaar_token",
      SIGN_IN_URL: "https://bazaar.example/login",
      CORS_ORIGINS: "https://bazaar.example",
    },
  });
});
afterAll(() => server.close());

async function token(claims: Record<string, unknown>, audience = "chautari"): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setIssuer("bazaar").setAudience(audience)
    .setExpirationTime("5m").sign(key);
}

async function person(claims: Record<string, unknown>): Promise<Caller> {
  const caller = new Caller(server);
  caller.headers = { authorization: `Bearer ${await token(claims)}` };
  return caller;
}

it("makes a person known at first sight and follows the claims from then on", async () => {
  const first = await person({ sub: "42", name: "राम बहादुर", picture: "https://bazaar.example/42.jpg", locale: "ne" });
  const { me } = (await first.get("/api/me")).body;
  expect(me).toMatchObject({
    externalId: "42",
    name: "राम बहादुर",
    picture: "https://bazaar.example/42.jpg",
    locale: "ne",
    role: "member",
    username: null,
  });
  const later = (await (await person({ sub: "42", name: "Ram Bahadur" })).get("/api/me")).body.me;
  expect([later.id, later.name]).toEqual([me.id, "Ram Bahadur"]);
});

it("takes the site's own cookie", async () => {
  const caller = new Caller(server);
  caller.cookie = `bazaar_token=${await token({ sub: "43", name: "Gita" })}`;
  expect((await caller.get("/api/me")).body.me.externalId).toBe("43");
});

it("lets a buyer write to a seller by the site's ids, known in advance by the site's server", async () => {
  const site = await person({ sub: "site", name: "Bazaar", role: "admin" });
  const buyer = await person({ sub: "buyer", name: "Buyer" });
  const path = "/api/messages/conversations";
  const wanted = { kind: "direct", to: { externalId: "seller/1" } };
  expectProblem(await buyer.post(path, wanted), 404, "user_not_found");
  const provision = ["/api/users/seller%2F1", { name: "Seller One" }] as const;
  expectProblem(await buyer.put(...provision), 403, "forbidden");
  expect((await site.put(...provision)).body.me).toMatchObject({ externalId: "seller/1", name: "Seller One" });
  expect((await buyer.post(path, wanted)).status).toBe(201);
});

it("opens one conversation for two people and a listing, whoever asks, however they are named", async () => {
  const site = await person({ sub: "site", name: "Bazaar", role: "admin" });
  const [buyer, seller] = [
    await person({ sub: "buyer-2", name: "Buyer" }),
    await person({ sub: "seller-2", name: "S" }),
  ];
  await site.put("/api/users/seller-2", { name: "Seller Two" });
  const path = "/api/messages/conversations";
  const about = (externalId: string, id: string) => ({
    kind: "direct",
    to: { externalId },
    listing: { id, title: "Pulsar" },
  });
  const first = await buyer.post(path, about("seller-2", "ad-1"));
  expect(first.status).toBe(201);
  const { id, participants } = first.body.conversation;
  const sellerId = participants.find((one: { user: { name: string } }) => one.user.name === "Seller Two").user.id;
  const again = [
    await buyer.post(path, about("seller-2", "ad-1")),
    await buyer.post(path, { ...about("seller-2", "ad-1"), to: { id: sellerId } }),
    await seller.post(path, about("buyer-2", "ad-1")),
  ];
  expect(again.map(({ status, body }) => [status, body.conversation.id])).toEqual(Array(3).fill([200, id]));
  const other = await buyer.post(path, about("seller-2", "ad-2"));
  expect([other.status, other.body.conversation.id === id]).toEqual([201, false]);
});

it("says where people sign in, and has no accounts of its own", async () => {
  const caller = new Caller(server);
  expect((await caller.get("/api/config")).body).toMatchObject({
    mode: "host",
    signup: "closed",
    needsOwner: false,
    signInUrl: "https://bazaar.example/login",
  });
  const signUp = await caller.post("/api/accounts", { username: "sita", name: "Sita", password: "a long password" });
  expect(signUp.status).toBe(401);
  const known = await person({ sub: "44", name: "Hari" });
  for (const path of ["/api/accounts", "/api/sessions", "/api/sessions/link"]) {
    expectProblem(await known.post(path, { username: "a", password: "b" }), 404, "not_found");
  }
});

it("refuses another audience like no token at all", async () => {
  const caller = new Caller(server);
  const without = await caller.get("/api/me");
  caller.headers = { authorization: `Bearer ${await token({ sub: "42" }, "another")}` };
  const wrong = await caller.get("/api/me");
  expectProblem(wrong, 401, "unauthenticated");
  expect({ ...wrong.body, requestId: "" }).toEqual({ ...without.body, requestId: "" });
});
