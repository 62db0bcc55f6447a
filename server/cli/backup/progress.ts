// How far a long piece of work is, told now and then.

/** `done` of `total`, in any unit; called often. */
export type Tell = (done: number, total: number) => void;

/** Says each tenth once, as "Backing up: 40%". */
export function inTenths(what: string, say: (line: string) => void): Tell {
  let said = 0;
  return (done, total) => {
    const tenths = total === 0 ? 10 : Math.floor(done / total * 10);
    if (tenths <= said) return;
    said = tenths;
    say(`${what}: ${tenths * 10}%`);
  };
}

/** To the error output: one line that changes on a terminal, else a line for each tenth. */
export function toTerminal(what: string): Tell {
  if (!Deno.stderr.isTerminal()) return inTenths(what, (line) => console.error(line));
  const encoder = new TextEncoder();
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor(done / total * 100);
    if (percent === shown) return;
    shown = percent;
    Deno.stderr.writeSync(encoder.encode(`\r${what}: ${percent}%${percent === 100 ? "\n" : ""}`));
  };
}
