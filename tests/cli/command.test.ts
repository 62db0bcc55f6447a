// The command line: whose words are whose, and what each command says to words it does not take.
import { describe, expect, it, vi } from "vitest";
import { readArguments } from "../../server/cli/arguments.ts";
import { backupCommand } from "../../server/cli/backup.ts";
import { type Command, parseCommand, runCommand, UsageError } from "../../server/cli/command.ts";
import { demoCommand } from "../../server/cli/demo.ts";
import { doctorCommand } from "../../server/cli/doctor.ts";
import { healthCommand } from "../../server/cli/health.ts";
import { inviteCommand } from "../../server/cli/invite.ts";
import { migrateCommand } from "../../server/cli/migrate.ts";
import { restoreCommand } from "../../server/cli/restore.ts";
import { serveCommand } from "../../server/cli/serve.ts";
import { tokenCommand } from "../../server/cli/token.ts";
import { userCommand } from "../../server/cli/user.ts";
import { versionCommand } from "../../server/cli/version.ts";

const COMMANDS: Record<string, Command> = {
  serve: serveCommand,
  user: userCommand,
  invite: inviteCommand,
  token: tokenCommand,
  backup: backupCommand,
  restore: restoreCommand,
  migrate: migrateCommand,
  doctor: doctorCommand,
  health: healthCommand,
  demo: demoCommand,
  version: versionCommand,
};

/** Runs a command as main does; its exit code and what it printed. */
async function ran(line: string): Promise<{ code: number; out: string; err: string }> {
  const [name, ...args] = line.split(" ");
  const printed = { log: [] as string[], error: [] as string[] };
  const spies = (["log", "error"] as const).map((stream) =>
    vi.spyOn(console, stream).mockImplementation((text) => printed[stream].push(String(text)))
  );
  try {
    const code = await runCommand(name!, COMMANDS[name!]!, args);
    return { code, out: printed.log.join("\n"), err: printed.error.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe("the first word", () => {
  it("is the command, and the rest is its own", () => {
    expect(readArguments(["demo", "--port", "9000"])).toEqual({ command: "demo", rest: ["--port", "9000"] });
  });

  it("may be left out", () => {
    expect(readArguments(["--port=9000"])).toEqual({ command: null, rest: ["--port=9000"] });
    expect(readArguments([])).toEqual({ command: null, rest: [] });
  });
});

describe("a command's words", () => {
  const options = { role: { type: "string" }, "dry-run": { type: "boolean" } } as const;
  const parse = (line: string, positionals: string[] = []) => parseCommand(line.split(" "), { positionals, options });

  it("are told from the settings, in any order", () => {
    expect(parse("--port 1 sita --dry-run --role owner --data-dir=a=b", ["WHO"])).toEqual({
      positionals: ["sita"],
      values: { "dry-run": true, role: "owner" },
      settings: ["--port=1", "--data-dir=a=b"],
    });
  });

  it("may be a dash, which stands for a stream", () => {
    expect(parse("- --role -", ["FILE"])).toMatchObject({ positionals: ["-"], values: { role: "-" } });
  });

  it("may be left out where the brackets say so", () => {
    expect(parse("--dry-run", ["[FILE]"]).positionals).toEqual([]);
  });

  it("are refused when they are too few, too many, unknown or without their value", () => {
    const refused = (line: string, names: string[] = []) => expect(() => parse(line, names), line).toThrow(UsageError);
    refused("--dry-run", ["FILE"]);
    refused("a b", ["FILE"]);
    refused("--roll owner");
    refused("-x");
    refused("--role");
    refused("--role --dry-run");
    refused("--dry-run=yes");
    refused("--port");
  });
});

describe("help", () => {
  it.each(Object.keys(COMMANDS))("of %s shows how it is used, and does nothing", async (name) => {
    const { code, out, err } = await ran(`${name} --help`);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^Usage: chautari ${name}\\b`));
  });
});

describe("misuse", () => {
  it.each([
    ["serve now", '"now" is not expected here (chautari serve --help says more)'],
    ["serve --prot 9000", "--prot is not known here; did you mean --port? (chautari serve --help says more)"],
    ["serve --port 99999", 'PORT: "99999" is given; expected a whole number from 0 to 65535'],
    ["demo now", '"now" is not expected here (chautari demo --help says more)'],
    ["version --verbose", "--verbose is not known here (chautari version --help says more)"],
    ["user", "expected one of add, list, set-role, reset-password, deactivate (chautari user --help says more)"],
    [
      "user remove sita",
      '"remove" is not one of add, list, set-role, reset-password, deactivate (chautari user --help says more)',
    ],
    ["user add", "USERNAME is missing (chautari user --help says more)"],
    [
      "user add sita --password secret12",
      '--password takes only "-": the password is read from the standard input (chautari user --help says more)',
    ],
    [
      "user add sita --role boss",
      '"boss" is not a role: expected owner, admin, member (chautari user --help says more)',
    ],
    ["user set-role sita", "ROLE is missing (chautari user --help says more)"],
    ["user reset-password", "USERNAME is missing (chautari user --help says more)"],
    ["user deactivate", "WHO is missing (chautari user --help says more)"],
    ["user list all", '"all" is not expected here (chautari user --help says more)'],
    [
      "invite --uses many",
      '--uses: "many" is given; expected a whole number from 1 to 1000 (chautari invite --help says more)',
    ],
    [
      "invite --url chat",
      '--url: "chat" is given; expected an address like https://chat.example.com (chautari invite --help says more)',
    ],
    ["token", "SUB is missing (chautari token --help says more)"],
    ["migrate --dry", "--dry is not known here; did you mean --dry-run? (chautari migrate --help says more)"],
    ["backup", "FILE is missing (chautari backup --help says more)"],
    ["restore", "FILE is missing (chautari restore --help says more)"],
    ["doctor --everything", "--everything is not known here (chautari doctor --help says more)"],
  ])("%s", async (line, sentence) => {
    expect(await ran(line)).toEqual({ code: 2, out: "", err: sentence });
  });
});

describe("what could not be done", () => {
  it.each([
    "user list",
    "user deactivate sita",
    "user set-role sita admin",
    "user reset-password sita",
    "invite",
    "migrate --dry-run",
  ])("%s: where there is no data it makes none", async (line) => {
    const folder = await Deno.makeTempDir();
    try {
      const { code, out, err } = await ran(`${line} --data-dir ${folder}/data`);
      expect([code, out]).toEqual([1, ""]);
      expect(err).toBe(
        `There is no data in ${folder}/data: name the folder in DATA_DIR, or start the server there first`,
      );
      expect(await Array.fromAsync(Deno.readDir(folder))).toEqual([]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  it("token: without the secret", async () => {
    expect(await ran("token sita")).toMatchObject({ code: 1, err: expect.stringContaining("give JWT_SECRET") });
  });

  it("user and invite: where the host site keeps the accounts", async () => {
    const host = `--jwt-secret ${"x".repeat(32)} --jwt-issuer site --jwt-audience chat`;
    for (const line of ["user add sita", "user reset-password sita", "invite"]) {
      expect(await ran(`${line} ${host}`)).toMatchObject({ code: 1, err: expect.stringMatching(/^Your site keeps/) });
    }
  });
});
