// The program: reads which command is asked for and runs it.
import { readArguments } from "./cli/arguments.ts";
import { type Command, runCommand } from "./cli/command.ts";
import { backupCommand } from "./cli/backup.ts";
import { demoCommand } from "./cli/demo.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { healthCommand } from "./cli/health.ts";
import { inviteCommand } from "./cli/invite.ts";
import { migrateCommand } from "./cli/migrate.ts";
import { restoreCommand } from "./cli/restore.ts";
import { serveCommand } from "./cli/serve.ts";
import { tokenCommand } from "./cli/token.ts";
import { userCommand } from "./cli/user.ts";
import { versionCommand } from "./cli/version.ts";
import { didYouMean } from "./config.ts";
import { helpText } from "./settings.ts";

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

async function main(args: string[]): Promise<number> {
  const { command: given, rest } = readArguments(args);
  const first = given ?? rest[0];
  if (first === "help" || given === null && rest.some((word) => word === "--help" || word === "-h")) {
    console.log(programHelp());
    return 0;
  }
  const name = given ?? (first === "--version" || first === "-V" ? "version" : "serve");
  if (!Object.hasOwn(COMMANDS, name)) {
    const names = Object.keys(COMMANDS);
    console.error(
      `"${name}" is not a command${didYouMean(name, names)}; expected one of ${names.join(", ")} (--help says more)`,
    );
    return 2;
  }
  return await runCommand(name, COMMANDS[name]!, name === "version" && given === null ? rest.slice(1) : rest);
}

function programHelp(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;
  return [
    "Usage: chautari [command] [settings]",
    "",
    ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`),
    "",
    "Without a command it serves. chautari <command> --help says more of one.",
    helpText(),
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
