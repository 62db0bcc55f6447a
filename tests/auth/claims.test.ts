// What is taken from a host site's token, and what is not.
import { describe, expect, it } from "vitest";
import { readClaims as read } from "../../server/auth/claims.ts";

const readClaims = (payload: Parameters<typeof read>[0]) => read(payload, 0);

describe("readClaims", () => {
  it("takes a whole person", () => {
    const claims = { sub: "42", name: "Sita Rai", picture: "https://a.test/s.png", locale: "ne_NP", role: "admin" };
    expect(readClaims(claims)).toEqual({
      externalId: "42",
      name: "Sita Rai",
      picture: "https://a.test/s.png",
      locale: "ne-NP",
      role: "admin",
    });
  });

  it("leaves open what is missing, but never a role", () => {
    expect(readClaims({ sub: "42" }))
      .toEqual({ externalId: "42", name: undefined, picture: undefined, locale: undefined, role: "member" });
  });

  it.each([
    ["trimmed", "  Sita \n", "Sita"],
    ["without control characters", "Si\u0000ta\u2028\u0085", "Sita"],
    ["legible", "Ｓｉｔａ\u202e\u200b", "Sita"],
    ["cut by code points", "😀".repeat(81), "😀".repeat(80)],
    ["well-formed", "a\ud800", "a\ufffd"],
    ["empty: none", " \t ", undefined],
    ["not a text: none", { first: "Sita" }, undefined],
  ])("a name is %s", (_, name, expected) => expect(readClaims({ sub: "1", name }).name).toBe(expected));

  it.each([
    ["javascript:alert(1)"],
    ["data:image/png;base64,AAAA"],
    ["/relative.png"],
    ["https://user:pass@a.test/"],
    [`https://a.test/${"x".repeat(2048)}`],
    [7],
    [null],
  ])("no picture from %s", (picture) => expect(readClaims({ sub: "1", picture }).picture).toBeNull());

  it.each([["owner", "owner"], ["superuser", "member"], [["admin"], "member"], [null, "member"]])(
    "role %j is %s",
    (role, expected) => expect(readClaims({ sub: "1", role }).role).toBe(expected),
  );

  it.each([[undefined], [""], ["  "], [42 as unknown as string], ["a\u0000b"], ["\ud800"], ["x".repeat(256)]])(
    "refuses the subject %j",
    (sub) =>
      expect(() => readClaims(sub === undefined ? {} : { sub }))
        .toThrow(expect.objectContaining({ code: "unauthenticated", detail: undefined })),
  );
});
