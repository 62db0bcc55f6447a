// The two protocols, as far as a benchmark speaks them: how to come in, how to send, how to read.
import type { Buffer } from "node:buffer";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import type { ProtocolName } from "./job.ts";
import { mark, type Scan, scanChautari, scanSocketIo } from "./scan.ts";
import { maskedFrame, Template } from "./template.ts";

export interface Protocol {
  path: string;
  /** The server numbers the messages of a conversation without a gap. */
  gapless: boolean;
  headers(token: string): Record<string, string>;
  /** Whether this, of {@link Scan.other}, means: you are in. */
  isWelcome(other: string): boolean;
  /** What a client says to this, of {@link Scan.other}; null: nothing. */
  answer(other: string, token: string): Buffer | null;
  /** A message to send, with the fields `ref`, `client` and `count`. */
  message(conversationId: string, sender: number, bodyChars: number): Template;
  scan(bytes: Buffer, start: number, end: number, into: Scan): void;
}

const REF = "<ref...>";
const CLIENT = `<client${".".repeat(28)}>`;
const COUNT = "<count.>";

/** About what people write when they ask for something that is for sale. */
const FILLER = "Namaste! Is this still available? I can come to Patan tomorrow after five and pay in cash. ".repeat(60);

function message(conversationId: string, sender: number, bodyChars: number) {
  return { conversationId, clientId: CLIENT, body: (mark(sender, COUNT) + FILLER).slice(0, bodyChars).trim() };
}

export const PROTOCOLS: Record<ProtocolName, Protocol> = {
  chautari: {
    path: "/api/messages/socket",
    gapless: true,
    headers: (token) => ({ authorization: `Bearer ${token}`, "sec-websocket-protocol": SUBPROTOCOL }),
    isWelcome: (other) => other.startsWith('{"event":"welcome"'),
    answer: () => null,
    message: (...of) => new Template(JSON.stringify({ ref: REF, command: "message:send", ...message(...of) })),
    scan: scanChautari,
  },

  // https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
  socketio: {
    path: "/socket.io/?EIO=4&transport=websocket",
    gapless: false,
    headers: () => ({}),
    isWelcome: (other) => other.startsWith("40"),
    answer: (other, token) => {
      if (other.startsWith("0")) return maskedFrame(`40${JSON.stringify({ token })}`);
      return other === "2" ? maskedFrame("3") : null;
    },
    message: (...of) => new Template(`42${REF}${JSON.stringify(["message:send", message(...of)])}`),
    scan: scanSocketIo,
  },
};
