// What is mutated, and the tests that must notice: the quick ones first, then those of a whole server.

export interface Target {
  path: string;
  tests: string[];
  /** Only this part of the file: from the one text to the other. */
  part?: [from: string, to: string];
}

const AUTH = ["tests/auth/auth.test.ts", "tests/auth/host_mode.test.ts", "tests/auth/mutants.test.ts"];
const SYNC = ["tests/realtime/sync.test.ts", "tests/realtime/changes.test.ts", "tests/realtime/authority.test.ts"];
const REPLICA = ["tests/client/replica.test.ts", "tests/client/replica_edges.test.ts", "tests/client/state.test.ts"];
const ROOM = ["tests/room/room.test.ts", "tests/room/room_edges.test.ts", "tests/room/rejoined.test.ts"];
const MESSAGES = ["tests/store/messages.test.ts", "tests/store/messages_edges.test.ts"];
const PARTICIPANTS = ["tests/store/participants.test.ts", "tests/store/conversations.test.ts"];

export const TARGETS: Target[] = [
  { path: "server/auth/auth.ts", tests: AUTH },
  { path: "server/auth/tokens.ts", tests: [...AUTH, "tests/assurance/forged_tokens.test.ts"] },
  { path: "server/auth/tickets.ts", tests: ["tests/auth/tickets.test.ts"] },
  { path: "server/auth/origin.ts", tests: ["tests/auth/origin.test.ts", ...AUTH] },
  { path: "server/auth/claims.ts", tests: ["tests/auth/claims.test.ts", "tests/auth/host_mode.test.ts"] },
  { path: "server/auth/secrets.ts", tests: ["tests/auth/auth.test.ts"] },
  {
    path: "migrations/0001_init.sql",
    part: ["create function append_messages", "end\n$$;"],
    tests: [...MESSAGES, "tests/store/conversations.test.ts"],
  },
  { path: "server/store/messages.ts", tests: [...MESSAGES, "tests/http/edges.test.ts"] },
  { path: "server/room/ring.ts", tests: ["tests/room/ring.test.ts"] },
  { path: "server/room/backfill.ts", tests: ["tests/room/backfill.test.ts"] },
  { path: "server/realtime/holds.ts", tests: ["tests/realtime/holds.test.ts"] },
  { path: "server/realtime/sync.ts", tests: SYNC },
  { path: "client/state/outbox.ts", tests: ["tests/client/outbox.test.ts", "tests/client/state.test.ts"] },
  { path: "client/state/replica_conversation.ts", tests: REPLICA },
  { path: "client/state/replica.ts", tests: REPLICA },
  { path: "server/store/participants.ts", tests: PARTICIPANTS },
  { path: "server/room/room.ts", tests: ROOM },
  { path: "server/realtime/dispatch.ts", tests: SYNC },
];
