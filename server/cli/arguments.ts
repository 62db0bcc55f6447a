// The command line: which command, and the words that are its own.

export interface Arguments {
  /** The first word; null when there is none. Whether such a command exists is for the caller to say. */
  command: string | null;
  rest: string[];
}

export function readArguments(args: string[]): Arguments {
  const [first, ...others] = args;
  const named = first !== undefined && !first.startsWith("-");
  return named ? { command: first, rest: others } : { command: null, rest: args };
}
