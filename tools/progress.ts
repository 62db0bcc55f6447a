// One line per step of work: what is being done, and how long it took.

/** Prints `label… 1.2 s` around the work, the label at once. What the work throws is thrown on. */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  print(`${label}… `);
  let outcome = "failed after ";
  try {
    const result = await work();
    outcome = "";
    return result;
  } finally {
    print(`${outcome}${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

export interface Ran {
  success: boolean;
  /** Both streams, standard output first. */
  output: string;
}

/** Runs a command to its end and keeps what it prints. */
export async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Runs this same Deno; its output goes where ours goes. Resolves to the exit code. */
export async function deno(...args: string[]): Promise<number> {
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).code;
}
