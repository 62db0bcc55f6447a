// A command of the program: what it says of itself, how it reads its words, and how its failures are told.
import { ConfigError, didYouMean } from "../config.ts";
import { flagOf, SETTING_NAMES } from "../settings.ts";
import { StartError } from "../store/start_error.ts";

export interface Command {
  /** A few words, for the list of commands. */
  summary: string;
  /** Begins with `Usage: chautari …`; ends without a newline. */
  help: string;
  /**
   * `args`: what follows the command's name. Returns the exit code: 0 done, 1 could not, 2 misuse.
   * Throws UsageError, ConfigError or StartError, which `runCommand` tells in plain lines.
   */
  run(args: string[]): Promise<number>;
}

/** The command was given words it does not take: one plain sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Words {
  /** As in the usage line: `FILE` must be given, `[FILE]` may be. */
  positionals?: string[];
  /** Flags of this command alone, without their dashes; a boolean takes no value. */
  options?: Record<string, { type: "string" | "boolean" }>;
}

export interface Parsed {
  positionals: string[];
  values: Record<string, string | boolean | undefined>;
  /** The flags that are settings, with their values, as `readConfig` takes them. */
  settings: string[];
}

/** Tells the command's own words from the settings, in any order. Throws UsageError for what is neither, or missing. */
export function parseCommand(args: string[], { positionals: names = [], options = {} }: Words): Parsed {
  const parsed: Parsed = { positionals: [], values: {}, settings: [] };
  const settings = SETTING_NAMES.map(flagOf);
  const known = [...settings, ...Object.keys(options).map((name) => `--${name}`)];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, flag, inline] = /^(--?[^=-][^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (flag === undefined) {
      parsed.positionals.push(arg);
      continue;
    }
    if (!known.includes(flag)) throw new UsageError(`${flag} is not known here${didYouMean(flag, known)}`);
    const name = flag.slice(2);
    if (Object.hasOwn(options, name) && options[name]!.type === "boolean") {
      if (inline !== undefined) throw new UsageError(`${flag} takes no value`);
      parsed.values[name] = true;
      continue;
    }
    // A value that looks like a flag is a forgotten value; it can still be given with "=".
    const value = inline ?? (rest[0]?.startsWith("--") ? undefined : rest.shift());
    if (value === undefined) throw new UsageError(`${flag}: no value is given`);
    if (Object.hasOwn(options, name)) parsed.values[name] = value;
    else parsed.settings.push(`${flag}=${value}`);
  }
  const missing = names.slice(parsed.positionals.length).find((name) => !name.startsWith("["));
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const surplus = parsed.positionals[names.length];
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is not expected here`);
  return parsed;
}

/** Runs a command, or shows its help where that is asked for. Returns the exit code. */
export async function runCommand(name: string, command: Command, args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(command.help);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message} (chautari ${name} --help says more)`);
    else if (error instanceof ConfigError) { for (const line of error.lines) console.error(line); }
    else if (error instanceof StartError) console.error(error.message);
    else throw error;
    return error instanceof StartError ? 1 : 2;
  }
}
