// Has the generator, a fresh process each time, do one job.
import { Child } from "./child.ts";
import type { ConnectResult, Job, Report, ResultOf } from "./generator/job.ts";
import type { Side } from "./sides/side.ts";
import { ROOT } from "./sides/side.ts";
import { JWT } from "./world.ts";

/** A job that takes longer has hung. */
const JOB_MAX_MS = 180_000;

type Common = "protocol" | "port" | "jwt" | "watched";
export type JobFor<J extends Job> = Omit<J, Common>;

/** `held` is called while a connect job holds its connections. Throws Error with the generator's own words. */
export async function runJob<J extends Job>(
  { protocol, port, watched }: Side,
  job: JobFor<J>,
  held?: (result: ConnectResult) => Promise<void>,
): Promise<ResultOf<J>> {
  await using generator = new Child({
    name: "The generator",
    command: [Deno.execPath(), "run", "--quiet", "--no-prompt", "-A", "bench/generator/main.ts"],
    cwd: ROOT,
    expendable: true,
  });
  const timer = setTimeout(() => generator.kill(), JOB_MAX_MS);
  try {
    await generator.write(JSON.stringify({ ...job, protocol, port, watched, jwt: JWT }));
    for (;;) {
      const report = await generator.read<Report>();
      if ("failed" in report) throw new Error(`${protocol}: ${report.failed}`);
      if ("result" in report) return report.result as ResultOf<J>;
      await held?.(report.held);
      await generator.write("release");
    }
  } finally {
    clearTimeout(timer);
  }
}
