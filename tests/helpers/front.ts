// A door in front of a test server: the page comes from any build, and can become another one's; all else is the server's.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnv } from "../../server/http/context.ts";
import { pageRoutes } from "../../server/http/pages.ts";
import type { TestServer } from "./server.ts";

export interface Front {
  url: string;
  /** The directory of the build that is served from now on. */
  served: string;
  close(): void;
}

export async function openFront(server: TestServer, build: string): Promise<Front> {
  const door = createServer(getRequestListener((request, env) => {
    if (new URL(request.url).pathname.startsWith("/api/")) return server.app.fetch(request, env);
    const pages = new OpenAPIHono<HttpEnv>();
    pageRoutes(pages, front.served);
    return pages.fetch(request, env);
  }));
  door.on("upgrade", ({ method, url, rawHeaders }, near, head) => {
    const far = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
      const headers = rawHeaders.map((word: string, at: number) => at % 2 === 0 ? `${word}: ` : `${word}\r\n`).join("");
      far.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`);
      far.write(head);
      far.pipe(near).pipe(far);
    });
    far.on("error", () => near.destroy());
    near.on("error", () => far.destroy());
  });
  await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening));
  const front: Front = {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    served: build,
    close: () => {
      door.close();
      door.closeAllConnections();
    },
  };
  return front;
}
