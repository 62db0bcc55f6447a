// The limit on open files: read from the system, and how many connections it leaves room for.
import { expect, it } from "vitest";
import { connectionsThatFit, openFileLimit, parseLimit } from "../../server/guards/open_files.ts";

it("reads the limit of this very process", async () => {
  const shell = await new Deno.Command("sh", { args: ["-c", "ulimit -n"] }).output();
  const said = new TextDecoder().decode(shell.stdout).trim();
  expect(await openFileLimit()).toBe(Deno.build.os === "linux" && said !== "unlimited" ? Number(said) : null);
});

it("takes the soft limit, and none where there is none", () => {
  expect(parseLimit("Max processes   1   2   processes\nMax open files            1024   524288   files\n")).toBe(1024);
  expect(parseLimit("Max open files            unlimited            unlimited            files\n")).toBeNull();
  expect(parseLimit("")).toBeNull();
});

it("leaves room for the rest, and warns where that is few", () => {
  expect(connectionsThatFit(null)).toEqual({ max: Infinity, warning: null });
  expect(connectionsThatFit(524_288)).toEqual({ max: 523_788, warning: null });
  expect(connectionsThatFit(1024)).toEqual({ max: 524, warning: expect.stringContaining("LimitNOFILE=") });
  expect(connectionsThatFit(256).max).toBe(128);
});
