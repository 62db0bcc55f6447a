// Asking for what was missed, in either protocol, and reading the answer.
import type { Buffer } from "node:buffer";
import type { ProtocolName } from "./job.ts";
import { WHOLE_REF } from "./scan.ts";
import { maskedFrame } from "./template.ts";

/** What a client knows of its conversation when it is cut. */
export interface Known {
  conversationId: string;
  /** The server's number of the last message: its seq, or the peer's id. */
  last: number;
  epoch: string | null;
}

export interface CatchUp {
  ask(known: Known): Buffer;
  /** The bodies and numbers of what was missed; null: this is not the answer. Throws where it is a refusal. */
  read(other: string): { body: string; number: number }[] | null;
}

const REF = String(WHOLE_REF);

export const CATCH_UP: Record<ProtocolName, CatchUp> = {
  chautari: {
    ask: ({ conversationId, last, epoch }) =>
      maskedFrame(JSON.stringify({
        ref: REF,
        command: "sync",
        epoch,
        cursors: [{ conversationId, seq: last, version: last }],
      })),
    read: (other) => {
      const { ref, ok } = JSON.parse(other);
      if (ref !== REF) return null;
      const state = ok?.conversations?.[0]?.state;
      if (ok?.reset !== false || (state !== "current" && state !== "changed")) {
        throw new Error(`cannot resume: ${other.slice(0, 300)}`);
      }
      return ok.conversations[0].messages
        .map(({ body, seq }: { body: string; seq: number }) => ({ body, number: seq }));
    },
  },
  socketio: {
    ask: ({ conversationId, last }) =>
      maskedFrame(`42${REF}${JSON.stringify(["sync", { conversationId, after: last }])}`),
    read: (other) => {
      if (!other.startsWith(`43${REF}`)) return null;
      const [{ messages }] = JSON.parse(other.slice(2 + REF.length));
      if (!Array.isArray(messages)) throw new Error(`cannot resume: ${other.slice(0, 300)}`);
      return messages.map(({ body, id }) => ({ body, number: id }));
    },
  },
};
