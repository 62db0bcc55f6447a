// The program: reads which command is asked for and runs it.
import { readArguments } from "./cli/arguments.ts";
import { demo } from "./cli/demo.ts";
import { VERSION } from "./cli/server.ts";
import { serve } from "./cli/serve.ts";
import { helpText } from "./settings.ts";

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = { serve, demo };

async function main(args: string[]): Promise<number> {
  const { command, help, version, settings } = readArguments(args);
  if (version) {
    console.log(VERSION);
    return 0;
  }
  if (help) {
    console.log(helpText());
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    console.error(
      `"${command}" is not a command: expected one of ${Object.keys(COMMANDS).join(", ")} (--help says more)`,
    );
    return 2;
  }
  return await COMMANDS[command]!(settings);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
