// Password hashes: their form, and that nobody's takes as long as somebody's.
import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "../../server/auth/passwords.ts";

describe("passwords", () => {
  it("are kept as salted scrypt hashes in the PHC format, and verified", async () => {
    const [one, other] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
    expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword(one, "correct horse")).toBe(true);
    expect(await verifyPassword(one, "correct hors")).toBe(false);
    expect(await verifyPassword(one, "")).toBe(false);
  });

  it("are what RFC 7914 computes", async () => {
    const { scryptSync } = await import("node:crypto");
    const salt = "c2FsdHNhbHRzYWx0c2FsdA";
    const hash = scryptSync("पासवर्ड", "saltsaltsaltsalt", 32, { N: 16384, r: 8, p: 5 }).toString("base64");
    expect(await verifyPassword(`$scrypt$ln=14,r=8,p=5$${salt}$${hash.replace("=", "")}`, "पासवर्ड")).toBe(true);
  });

  it("are the same however the keyboard composes them", async () => {
    expect(await verifyPassword(await hashPassword("Zoë ﬁsh №1"), "Zoe\u0308 fish No1")).toBe(true);
  });

  it("take as long to refuse for nobody as for somebody", async () => {
    const stored = await hashPassword("correct horse");
    const cpu = async (hash: string | null) => {
      const start = process.cpuUsage();
      expect(await verifyPassword(hash, "a wrong one")).toBe(false);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    // the least of several: what the work itself costs, whatever else the machine does
    const least = async (hash: string | null) => Math.min(await cpu(hash), await cpu(hash), await cpu(hash));
    const [somebody, nobody] = [await least(stored), await least(null)];
    expect(nobody / somebody).toBeGreaterThan(0.5);
    expect(nobody / somebody).toBeLessThan(2);
  });

  it("say what is wrong with a hash that they cannot read", async () => {
    await expect(verifyPassword("$scrypt$ln=1,r=8,p=1$YQ$YQ", "x")).rejects.toThrow("Cannot read a password hash");
  });
});
