// The generator's process: takes one job a line, does it, and says what came of it in one line.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { connectRun } from "./connect.ts";
import type { Job, JobResult, Report } from "./job.ts";
import { MessagesRun } from "./messages.ts";
import { pagesRun } from "./pages.ts";
import { reconnectRun } from "./reconnect.ts";

// deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
const input = createInterface({ input: Readable.fromWeb(Deno.stdin.readable as any) })[Symbol.asyncIterator]();

function work(job: Job): Promise<JobResult> {
  switch (job.kind) {
    case "messages":
      return new MessagesRun(job).run();
    case "connect":
      return connectRun(job, async (result) => {
        report({ held: result });
        await input.next();
      });
    case "reconnect":
      return reconnectRun(job);
    case "pages":
      return pagesRun(job);
  }
}

function report(line: Report): void {
  console.log(JSON.stringify(line));
}

// Ctrl-C reaches the whole group; whoever started this decides when it ends.
Deno.addSignalListener("SIGINT", () => {});
for (;;) {
  const { value, done } = await input.next();
  if (done) break;
  try {
    report({ result: await work(JSON.parse(value)) });
  } catch (error) {
    report({ failed: (error as Error).stack ?? String(error) });
  }
}
Deno.exit(0);
