// The HTTP requests that are being answered, until the last byte has left: a stop waits for them.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { tally } from "../metrics.ts";

export class Requests {
  underWay = 0;

  /** `isDraining`: clients are asked to use another connection for their next request. */
  constructor(server: Server, isDraining: () => boolean) {
    // first in the row: a header is set before anything is answered
    server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
      this.underWay++;
      if (isDraining()) response.setHeader("connection", "close");
      response.once("close", () => {
        this.underWay--;
        tally.requests.add(`${Math.floor(response.statusCode / 100)}xx`);
      });
    });
  }
}
