// The port: free for the server, or held by one that answers as Chautari.
import type { Config } from "../../config.ts";
import { LISTEN_PROBLEMS } from "../serve.ts";
import { askServer, localAddress } from "../health.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

export async function checkPort(config: Config): Promise<Finding[]> {
  const { host, port, portGiven } = config;
  const code = whyNotFree(host, port);
  if (code === null) return [ok(`Port ${port} of ${host} is free: no server is running there`), ...exposure(config)];
  if (code !== "EADDRINUSE") {
    return [problem(`Cannot listen on ${host} port ${port}`, LISTEN_PROBLEMS[code] ?? `the system says ${code}`)];
  }
  const answer = await askServer(config, "/api/config").catch(() => null);
  if (answer?.headers["x-request-id"] !== undefined && answer.status === 200) {
    return [ok(`Chautari ${JSON.parse(answer.text).version} answers at ${localAddress(config)}`), ...exposure(config)];
  }
  if (!portGiven) {
    return [warning(`Port ${port} is taken by another program`, "The next free one is used; or give a PORT")];
  }
  return [problem(`Port ${port} of ${host} is taken by another program`, "Stop that one, or give another PORT")];
}

/** Whoever listens beyond this machine without TLS sends passwords and messages in the clear, or stands behind a proxy. */
function exposure({ host, trustProxy, tls }: Config): Finding[] {
  const isLocal = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (isLocal || tls !== null || trustProxy > 0) return [];
  return [warning(
    `HOST is ${host}: other machines reach this server without TLS`,
    "Give TLS_CERT and TLS_KEY, or put a reverse proxy in front and set TRUST_PROXY=1 (docs/operations.md)",
  )];
}

/** The system's code, as EADDRINUSE; null when a server could listen there. */
function whyNotFree(hostname: string, port: number): string | null {
  try {
    Deno.listen({ hostname, port }).close();
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
