// What the tests need from the machine besides Deno: a Chromium and a PostgreSQL of its own.
import { run, step } from "./progress.ts";

interface Need {
  debianPackage: string;
  /** What cannot be tested without it. */
  skips: string;
  present(): Promise<boolean>;
}

const NEEDS: Need[] = [
  {
    debianPackage: "chromium",
    skips: "every test in the browser",
    present: () => exists("/usr/bin/chromium"),
  },
  {
    debianPackage: "postgresql",
    skips: "the store's tests on a PostgreSQL that is not our own",
    present: async () => {
      const versions = await Array.fromAsync(Deno.readDir("/usr/lib/postgresql")).catch(() => []);
      const found = versions.map(({ name }) => exists(`/usr/lib/postgresql/${name}/bin/initdb`));
      return (await Promise.all(found)).includes(true);
    },
  },
  {
    debianPackage: "nginx",
    skips: "the configuration for nginx in docs/proxy",
    present: () => exists("/usr/sbin/nginx"),
  },
  {
    debianPackage: "caddy",
    skips: "the configuration for Caddy in docs/proxy",
    present: () => exists("/usr/bin/caddy"),
  },
  {
    debianPackage: "openssl",
    skips: "what needs a certificate of its own",
    present: () => exists("/usr/bin/openssl"),
  },
  {
    debianPackage: "libfaketime",
    skips: "jumps of the clock under load",
    present: () => exists(`/usr/lib/${Deno.build.arch}-linux-gnu/faketime/libfaketime.so.1`),
  },
];

/** Where CI is set, as root, installs what is missing; elsewhere says what will be skipped for want of it. */
export async function machineReady(): Promise<void> {
  for (const need of NEEDS) {
    if (await need.present()) continue;
    if (Deno.env.get("CI") && Deno.uid() === 0) await install(need.debianPackage);
    else console.error(`NOTE: no ${need.debianPackage} on this machine: ${need.skips} will be skipped.`);
  }
}

async function install(name: string): Promise<void> {
  // In runlevel 1 a package's service is not started (invoke-rc.d(8)): the tests start what they need themselves.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await step(`Installing ${name}`, async () => {
    if (name === "postgresql") await withoutMainCluster();
    const updated = await run("apt-get", ["update", "-qq"], env);
    const installed = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], env);
    if (!installed.success) throw new Error(`Cannot install ${name}:\n${updated.output}${installed.output}`);
  });
}

/** Debian's package would make and start a server of its own, which nobody stops. The tests start theirs. */
async function withoutMainCluster(): Promise<void> {
  await Deno.mkdir("/etc/postgresql-common", { recursive: true });
  await Deno.writeTextFile("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
