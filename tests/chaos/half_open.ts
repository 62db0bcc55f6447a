// The attack of requests that never become whole, stopped at every point where one can stop.
import { RawSocket, upgradeRequest } from "./raw_socket.ts";
import type { Report, Siege } from "./siege.ts";
import { pause, within } from "./waiting.ts";

const HOLD_MS = 2_000;
const OPENED_PER_PAUSE = 10;
const PAUSE_MS = 10;

export interface HalfOpen {
  report: Report;
  /** When to expect that they are cut off, in ms since they were opened; `bodyMs` null: not waited for. Gives faults. */
  cutOff(headMs: number, bodyMs: number | null): Promise<string[]>;
}

export async function halfOpen(siege: Siege, count: number): Promise<HalfOpen> {
  const { url } = siege.site;
  const { token } = siege.attackers[0]!;
  const { host } = new URL(url);
  const headless = [
    "",
    "GE",
    "GET /api/me HT",
    `GET /api/me HTTP/1.1\r\nHost: ${host}\r\nX-Fill: `,
    upgradeRequest(url, token, { finished: false }),
  ];
  const bodiless = `POST /api/messages/conversations HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
    `Authorization: Bearer ${token}\r\nContent-Length: 60000\r\n\r\n{"kind":`;
  const heads: RawSocket[] = [];
  const bodies: RawSocket[] = [];
  let openedAt = 0;

  const report = await siege.measure("half-open requests", async () => {
    openedAt = performance.now();
    for (let opened = 0; opened < count; opened++) {
      const socket = await RawSocket.open(url);
      const text = headless[opened % (headless.length + 1)];
      (text === undefined ? bodies : heads).push(socket);
      await socket.write(text ?? bodiless);
      // a thousand a second or so
      if (opened % OPENED_PER_PAUSE === 0) await pause(PAUSE_MS);
    }
    await pause(HOLD_MS);
    const { status } = await siege.site.ask(token, "GET", "/api/me");
    return { tried: count, faults: status === 200 ? [] : [`a whole request beside them is answered ${status}`] };
  });

  const cut = async (sockets: RawSocket[], ms: number, what: string) => {
    await within(Promise.all(sockets.map(({ ended }) => ended)), Math.max(0, openedAt + ms - performance.now()));
    const left = sockets.filter(({ isOpen }) => isOpen).length;
    for (const socket of sockets) socket.destroy();
    return left === 0 ? [] : [`${left} of ${sockets.length} requests without ${what} are open after ${ms} ms`];
  };
  return {
    report,
    async cutOff(headMs, bodyMs) {
      const logged = siege.site.output.length;
      const faults = await Promise.all([
        cut(heads, headMs, "a head"),
        bodyMs === null ? [] : cut(bodies, bodyMs, "a body"),
      ]);
      const errors = siege.site.errorsSince(logged);
      for (const socket of bodies) socket.destroy();
      return [...faults.flat(), ...errors];
    },
  };
}
