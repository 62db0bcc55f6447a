// `chautari health`: asks the server on this machine whether it is well, for containers that have no curl.
import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { type Config, readConfig, readEnvironment } from "../config.ts";
import { type Command, parseCommand } from "./command.ts";

export const healthCommand: Command = {
  summary: "Ask the server on this machine whether it is well",
  help: `Usage: chautari health [--ready] [settings]

Asks /healthz of the server that runs with the same HOST and PORT; with --ready /readyz: whether it could commit a
message now. Prints what it says. Exit code 0: it is well; 1: it is not, or does not answer within 5 seconds.`,
  async run(args) {
    const { values, settings } = parseCommand(args, { options: { ready: { type: "boolean" } } });
    const config = readConfig(readEnvironment(), settings);
    const path = values.ready ? "/readyz" : "/healthz";
    try {
      const { status, text } = await askServer(config, path);
      console.log(text);
      return status === 200 ? 0 : 1;
    } catch (error) {
      console.error(`No server answers at ${localAddress(config)}${path}: ${(error as Error).message}`);
      return 1;
    }
  },
};

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const PATIENCE_MS = 5_000;

/** Where this machine finds the server of these settings. */
export function localAddress({ host, port, tls }: Config): string {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const scheme = tls === null ? "http" : "https";
  return `${scheme}://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

/** Rejects when nobody answers. The certificate is not looked at: it is for the public name, and this is loopback. */
export function askServer(config: Config, path: string): Promise<Answer> {
  return ask(new URL(path, localAddress(config)), { trustAnyone: true });
}

export interface Asking {
  headers?: Record<string, string>;
  trustAnyone?: boolean;
  patienceMs?: number;
}

/** One GET, redirects not followed, an upgrade reported as its status. Rejects on time-out or when it cannot be reached. */
export function ask(url: URL, { headers = {}, trustAnyone = false, patienceMs = PATIENCE_MS }: Asking = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = (url.protocol === "https:" ? secureRequest : plainRequest)(url, {
    headers,
    agent: false,
    rejectUnauthorized: !trustAnyone,
  });
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${patienceMs / 1000} seconds`));
    request.destroy();
  }, patienceMs);
  request.once("error", reject);
  request.once("upgrade", (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode ?? 0, headers: response.headers, text: "" });
  });
  request.once("response", (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      if (text.length < 1e6) text += chunk;
    });
    response.once("error", reject);
    response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
  });
  request.end();
  return promise.finally(() => clearTimeout(timer));
}
