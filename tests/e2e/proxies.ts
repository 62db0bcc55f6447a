// A real nginx or Caddy that runs the file which docs/proxy gives its owners, with only addresses and certificate changed.
import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";

export type ProxyName = "nginx" | "caddy";

/** The name in the configurations, and in the certificate that `startProxy` makes. */
export const NAME = "chat.example";

/** Neither the proxy's own address nor the one the server would see of it. */
export const CLIENT_ADDRESS = "127.0.0.2";

export interface RunningProxy {
  url: string;
  plainUrl: string;
  /** Asks through the proxy, from {@link CLIENT_ADDRESS}. */
  request(path: string, options?: Asked): Promise<Answered>;
  /** What a TLS client needs to reach it. */
  tls: { ca: string; servername: string; localAddress: string };
  close(): Promise<void>;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  plain?: boolean;
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Where the programs are, or null: then the suite is skipped, and the run says so. */
export function findProxy(name: ProxyName): string | null {
  const found = (program: string) =>
    ["/usr/sbin", "/usr/bin", "/usr/local/bin"].map((folder) => `${folder}/${program}`).find(isFile) ?? null;
  return found("openssl") && found(name);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Starts it in front of the server on `serverPort`; resolves when it takes requests. */
export async function startProxy(name: ProxyName, serverPort: number): Promise<RunningProxy> {
  const folder = await Deno.makeTempDir({ prefix: `chautari-${name}-` });
  // nginx's workers are another user when this one is root
  await Deno.chmod(folder, 0o755);
  const port = freePort();
  const plainPort = freePort();
  const ca = await makeCertificate(folder);
  const args = await (name === "nginx" ? nginx : caddy)(folder, { port, plainPort, serverPort });
  const child = new Deno.Command(findProxy(name)!, {
    args,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const tls = { ca, servername: NAME, localAddress: CLIENT_ADDRESS };
  const request = (path: string, asked: Asked = {}) =>
    ask({ host: "127.0.0.1", port: asked.plain ? plainPort : port, path, ...tls }, asked);
  const ended = child.status.then(async () => new Error(`${name} ended: ${await said}`));
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
    await Deno.remove(folder, { recursive: true });
  };
  const answers = async () => expect((await request("/api/config")).status).toBe(200);
  try {
    await Promise.race([
      vi.waitFor(answers, { timeout: 15_000, interval: 50 }),
      ended.then((error) => Promise.reject(error)),
    ]);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { url: `https://${NAME}:${port}`, plainUrl: `http://${NAME}:${plainPort}`, request, tls, close };
}

interface Ports {
  port: number;
  plainPort: number;
  serverPort: number;
}

async function nginx(folder: string, { port, plainPort, serverPort }: Ports): Promise<string[]> {
  const site = exchange(await given("nginx.conf"), [
    ["listen 80;", `listen 127.0.0.1:${plainPort};`],
    ["listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`],
    ["server 127.0.0.1:8080;", `server 127.0.0.1:${serverPort};`],
    ["/etc/ssl/chat.example/fullchain.pem", `${folder}/cert.pem`],
    ["/etc/ssl/chat.example/privkey.pem", `${folder}/key.pem`],
  ]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ");
  const path = `${folder}/nginx.conf`;
  await Deno.writeTextFile(
    path,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr;\nevents {}\n` +
      `http { access_log off; ${temporary}\n${site}}\n`,
  );
  return ["-c", path, "-p", folder, "-e", "stderr"];
}

async function caddy(folder: string, { port, plainPort, serverPort }: Ports): Promise<string[]> {
  const site = exchange(await given("Caddyfile"), [
    ["{\n\tservers {", `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port ${plainPort}\n\tservers {`],
    [`${NAME} {\n`, `${NAME}:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem\n`],
    ["reverse_proxy 127.0.0.1:8080", `reverse_proxy 127.0.0.1:${serverPort}`],
  ]);
  const path = `${folder}/Caddyfile`;
  await Deno.writeTextFile(path, site.replace(/\thttp_port \d+\n/, `$&\thttps_port ${port}\n`));
  return ["run", "--config", path, "--adapter", "caddyfile"];
}

function given(file: string): Promise<string> {
  return Deno.readTextFile(fileURLToPath(new URL(`../../docs/proxy/${file}`, import.meta.url)));
}

/** Each must stand there exactly once: nothing else of the file is changed, and nothing is left as it was. */
function exchange(text: string, pairs: [from: string, to: string][]): string {
  for (const [from, to] of pairs) {
    expect(text.split(from), from).toHaveLength(2);
    text = text.replace(from, to);
  }
  return text;
}

async function makeCertificate(folder: string): Promise<string> {
  const made = await new Deno.Command("openssl", {
    args: ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
      .concat("-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`)
      .concat("-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`),
    stderr: "piped",
  }).output();
  if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
  return await Deno.readTextFile(`${folder}/cert.pem`);
}

function ask(to: RequestOptions, { method = "GET", headers = {}, body, plain }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const host = `${NAME}:${to.port}`;
    const request = (plain ? plainRequest : secureRequest)({ ...to, method, headers: { host, ...headers } });
    request.once("error", reject);
    request.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => text += chunk);
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.end(body);
  });
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
