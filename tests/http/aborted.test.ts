// A peer that goes away in the middle of its request's body: nobody's error, and nobody reads the answer.
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Caller, createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

/** Sends the beginning of a request and goes away; gives what is then logged of it. */
function aborted(path: string, goAway: "reset" | "end"): Promise<{ level: string; message: string }> {
  const logged = new Promise<{ level: string; message: string }>((found) => {
    server.logged.push = (...lines) => {
      const line = lines.map((one) => JSON.parse(one)).find(({ route }) => route === path);
      if (line) found(line);
      return Array.prototype.push.apply(server.logged, lines);
    };
  });
  const head =
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`;
  const socket = connect(server.port, "127.0.0.1");
  // The server's answer to what it waits for shows that it reads the body.
  socket.write(head.replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n"));
  socket.once("data", () => {
    socket.write('{"half":');
    if (goAway === "reset") socket.resetAndDestroy();
    else socket.end();
  });
  return logged;
}

it("is a bad request, whatever is left to hear of it; a database that went away is not", async () => {
  const failing = (message: string) =>
    new ReadableStream({
      pull(controller) {
        controller.error(Object.assign(new Error(message), { code: "ECONNRESET" }));
      },
    });
  const post = (message: string) => new Caller(server).post("/api/sessions", undefined, { raw: failing(message) });
  expectProblem(await post("aborted"), 400, "bad_request");
  expectProblem(await post("read ECONNRESET"), 503, "unavailable");
});

it.each(["reset", "end"] as const)("is a debug line and no error (%s)", async (goAway) => {
  const line = await aborted(`/api/messages/conversations/${goAway}`, goAway);
  expect(line).toMatchObject({ level: "debug" });
});
