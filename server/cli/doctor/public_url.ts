// The way through the reverse proxies: TLS, the page, WebSockets, the host's name, and whose address the server sees.
import { SUBPROTOCOL } from "../../../protocol/commands.ts";
import { SeenRequest } from "../../../protocol/rest.ts";
import { SOCKET_PATH } from "../../realtime/socket.ts";
import { type Answer, ask } from "../health.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const PATIENCE_MS = 10_000;
const CLOCK_WARNING_MS = 60_000;
/** RFC 5737: an address that is nobody's. */
const CLAIMED_ADDRESS = "192.0.2.1";
const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Asks the server at its public address, as a browser would reach it. */
export async function checkPublicUrl(url: URL, trustProxy: number, now: () => number): Promise<Finding[]> {
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(new URL(path, url), { headers, patienceMs: PATIENCE_MS });
  let config: Answer;
  try {
    config = await get("/api/config");
  } catch (error) {
    return [problem(
      `${url.origin} cannot be reached: ${(error as Error).message}`,
      "Look at the name's DNS entry, the firewall, the certificate, and whether the proxy is running",
    )];
  }
  if (config.status !== 200 || config.headers["x-request-id"] === undefined) {
    const location = config.headers.location ? ` and points to ${config.headers.location}` : "";
    return [problem(
      `${url.origin}/api/config is not answered by Chautari: it says ${config.status}${location}`,
      "Let the proxy send /api/ to Chautari, on the port that it says at its start",
    )];
  }
  return [
    url.protocol === "https:"
      ? ok(`${url.origin} answers, with a certificate that is trusted`)
      : warning(`${url.origin} is not encrypted`, "Give the proxy a certificate (Caddy gets one by itself)"),
    ...clock(config, now()),
    await sockets(url, get),
    ...await addresses(url, get, trustProxy),
  ];
}

type Get = (path: string, headers?: Record<string, string>) => Promise<Answer>;

function clock({ headers }: Answer, now: number): Finding[] {
  const aheadMs = Date.parse(headers.date ?? "") - now;
  if (Number.isNaN(aheadMs) || Math.abs(aheadMs) < CLOCK_WARNING_MS) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return [warning(
    `The clock at ${headers.server ?? "the server"} is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this one`,
    "Let both machines keep their time by NTP: tokens end by the clock",
  )];
}

/** An upgrade without any proof: what refuses it tells how far it came. */
async function sockets(url: URL, get: Get): Promise<Finding> {
  const headers = { ...UPGRADE, "sec-websocket-protocol": SUBPROTOCOL, origin: url.origin };
  const { status, text } = await get(SOCKET_PATH, headers).catch((error) => ({
    status: 0,
    text: String(error.message),
  }));
  const code = codeOf(text);
  if (code === "unauthenticated") return ok("WebSockets and the host's name come through");
  if (code === "cross_origin") {
    return problem(
      `WebSockets come through, but the server is told another host than ${url.host}`,
      "nginx: proxy_set_header Host $http_host; and the same for X-Forwarded-Host where the proxy sets it",
    );
  }
  if (code === "upgrade_required") {
    return problem(
      "WebSockets do not come through: the proxy drops the Upgrade header",
      "nginx: proxy_http_version 1.1; and proxy_set_header Upgrade and Connection, as in docs/proxy/nginx.conf",
    );
  }
  return problem(
    `WebSockets do not come through: ${SOCKET_PATH} is answered with ${status || text}`,
    "Let the proxy send that path to Chautari with its Upgrade header (docs/proxy)",
  );
}

/** The server's own word on a request of ours, with and without a claim that a client could make. */
async function addresses(url: URL, get: Get, trustProxy: number): Promise<Finding[]> {
  const plain = SeenRequest.safeParse(json((await get("/api/seen")).text)).data;
  const claimed = SeenRequest.safeParse(
    json((await get("/api/seen", { "x-forwarded-for": CLAIMED_ADDRESS })).text),
  ).data;
  if (plain === undefined || claimed === undefined) {
    return [warning("The server does not say what it sees of a request", "Is it of another release? chautari version")];
  }
  const findings: Finding[] = [];
  if (claimed.address === CLAIMED_ADDRESS) {
    findings.push(problem(
      "Whoever sends X-Forwarded-For is believed: limits by address hold nobody",
      `Set TRUST_PROXY=${plain.forwarded}, the number of proxies that add to that header`,
    ));
  } else if (plain.forwarded !== trustProxy) {
    findings.push(problem(
      `${plain.forwarded} proxies name a client in X-Forwarded-For, and TRUST_PROXY is ${trustProxy}`,
      `Set TRUST_PROXY=${plain.forwarded}, or let each proxy set that header (docs/proxy)`,
    ));
  } else {
    findings.push(ok(`The server takes this machine for ${plain.address}`));
  }
  if (url.protocol === "https:" && !plain.https) {
    findings.push(warning(
      "The server is not told that the browser speaks https",
      "Let the proxy set X-Forwarded-Proto to https, and set TRUST_PROXY to the number of proxies",
    ));
  }
  return findings;
}

function codeOf(text: string): unknown {
  return (json(text) as { code?: unknown } | null)?.code;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
