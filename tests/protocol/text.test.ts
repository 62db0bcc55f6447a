// Text that the database cannot hold is refused where it comes in, also where any character is allowed.
import { describe, expect, it } from "vitest";
import { ProvisionUser, SendMessage, SignIn, UserRef } from "../../protocol/rest.ts";
import { uuidv7 } from "../../protocol/uuid.ts";

const message = (
  schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } | undefined } },
  value: unknown,
) => schema.safeParse(value).error?.issues.map(({ message }) => message).join();

describe.each([["a NUL", "a\0b"], ["a lone surrogate", "a\ud800"]])("%s", (_what, bad) => {
  it("is refused in every text that is stored or looked up", () => {
    expect(message(UserRef, { externalId: bad })).toMatch(/well-formed Unicode without NUL|Invalid input/);
    expect(message(SignIn, { username: bad, password: "x" })).toMatch(/well-formed Unicode without NUL/);
    expect(message(ProvisionUser, { name: bad })).toMatch(/well-formed Unicode without NUL/);
    expect(message(SendMessage, { clientId: uuidv7(), body: bad })).toMatch(/well-formed Unicode without NUL/);
  });
});

it("an id of somebody else's is kept exactly as sent", () => {
  const externalId = "  Ｓｉｔａ\u202e\n";
  expect(UserRef.parse({ externalId })).toEqual({ externalId });
  expect(message(UserRef, { externalId: "" })).toBeDefined();
  expect(message(UserRef, { externalId: "😀".repeat(256) })).toBeDefined();
  expect(message(UserRef, { externalId: "😀".repeat(255) })).toBeUndefined();
});
