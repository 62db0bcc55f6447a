// What Lighthouse says of the sign-in page and of the messages page: phone, simulated slow 4G, CPU ÷4.
import { chromium } from "playwright-core";
import { BROWSER_FLAGS, chromiumPath, PHONE } from "../tests/helpers/browser.ts";
import { startProgram } from "../tests/helpers/program.ts";

// The newest that runs on Node 20. Fetched when it is wanted: too heavy a dependency for one measurement.
const LIGHTHOUSE = "lighthouse@12.8.2";
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const RUNS = 3;

interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { title: string; score: number | null; displayValue?: string; numericValue?: number }>;
}

async function run(url: string, port: number, out: string): Promise<Report> {
  const { code, stderr } = await new Deno.Command("npx", {
    args: [
      ...["-y", LIGHTHOUSE, url, `--port=${port}`, "--output=json", `--output-path=${out}`, "--quiet"],
      ...[`--only-categories=${CATEGORIES.join(",")}`, "--form-factor=mobile", "--throttling-method=simulate"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}:\n${new TextDecoder().decode(stderr)}`);
  return JSON.parse(await Deno.readTextFile(out));
}

/** The run in the middle by performance: on a busy machine the worst one says little. */
function middle(reports: Report[]): Report {
  return reports.toSorted((a, b) => a.categories.performance!.score! - b.categories.performance!.score!)[
    Math.floor(reports.length / 2)
  ]!;
}

function tell(name: string, { categories, audits }: Report): void {
  const scores = CATEGORIES.map((id) => `${id} ${Math.round(categories[id]!.score! * 100)}`);
  const times = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
  ];
  console.log(`${name}: ${scores.join(", ")}`);
  console.log(`  ${times.map((id) => `${audits[id]!.title} ${audits[id]!.displayValue}`).join(", ")}`);
  for (const id of CATEGORIES) {
    for (const ref of categories[id]!.auditRefs) {
      const { score, title, displayValue = "" } = audits[ref.id]!;
      if (ref.weight > 0 && score !== null && score < 0.9) console.log(`  ${id}: ${ref.id}: ${title} ${displayValue}`);
    }
  }
}

if (chromiumPath === null) {
  console.error("There is no Chromium here: Lighthouse needs one (Debian: apt-get install chromium)");
  Deno.exit(1);
}
const directory = await Deno.makeTempDir({ prefix: "chautari-lighthouse-" });
const program = await startProgram({ DATA_DIR: `${directory}/data`, PORT: "0", LOG_LEVEL: "warn" }, ["demo"]);
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr;
listener.close();
// The browser's own profile, which is where Lighthouse opens its page.
const context = await chromium.launchPersistentContext(`${directory}/profile`, {
  executablePath: chromiumPath,
  viewport: PHONE,
  args: [...BROWSER_FLAGS, `--remote-debugging-port=${port}`],
});
try {
  const measure = async (name: string) => {
    const reports: Report[] = [];
    for (let at = 0; at < RUNS; at++) {
      reports.push(await run(`${program.url}/en/messages`, port, `${directory}/${at}.json`));
    }
    tell(name, middle(reports));
  };
  await measure("sign-in page");
  const page = await context.newPage();
  await page.goto(/http\S+#sign-in=\S+/.exec(program.output.join("\n"))![0]);
  await page.locator(".rows [data-id]").first().waitFor();
  await page.close();
  await measure("messages page");
} finally {
  await context.close();
  await program.kill("SIGTERM");
  await Deno.remove(directory, { recursive: true });
}
