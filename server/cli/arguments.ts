// The command line: which command, and what is left for the settings.

export interface Arguments {
  /** The first word, "serve" when there is none. Whether it exists is for the caller to say. */
  command: string;
  help: boolean;
  version: boolean;
  /** What `readConfig` takes. */
  settings: string[];
}

export function readArguments(args: string[]): Arguments {
  const [first, ...others] = args;
  const named = first !== undefined && !first.startsWith("-");
  const rest = named ? others : args;
  const help = rest.includes("--help") || rest.includes("-h");
  const version = rest.includes("--version") || rest.includes("-V");
  return { command: named ? first : "serve", help, version, settings: rest };
}
