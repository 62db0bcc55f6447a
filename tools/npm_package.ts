// One npm package, whatever platform it is for, fetched as Deno fetches packages: from the registry this machine uses.
import { run } from "./progress.ts";

const PLACE = "dist/compile/packages";

/** The package's folder. Throws Error when it cannot be had. What the project's lock file knows is checked against it. */
export async function npmPackage(name: string, version: string): Promise<string> {
  const project = `${PLACE}/${name.replace("/", "+")}@${version}`;
  const folder = `${project}/node_modules/${name}`;
  if (await Deno.stat(`${folder}/package.json`).then(() => true, () => false)) return await Deno.realPath(folder);
  await Deno.mkdir(project, { recursive: true });
  const manifest = {
    nodeModulesDir: "auto",
    lock: { path: "deno.lock" },
    imports: { [name]: `npm:${name}@${version}` },
  };
  await Deno.writeTextFile(`${project}/deno.json`, JSON.stringify(manifest));
  await Deno.copyFile("deno.lock", `${project}/deno.lock`);
  const config = `--config=${project}/deno.json`;
  const { success, output } = await run(Deno.execPath(), ["install", "--quiet", "--frozen=false", config]);
  if (!success) throw new Error(`Cannot fetch ${name} ${version} from npm:\n${output}`);
  return await Deno.realPath(folder);
}
