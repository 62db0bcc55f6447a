// What is mutated, and the tests that must notice: the quick ones first, then those of a whole server.

export interface Target {
  path: string;
  tests: string[];
  /** Only these parts of the file: each from the one text to the end of the other. */
  parts?: [from: string, to: string][];
}

const SYNC = ["tests/realtime/sync_answer.test.ts", "tests/realtime/sync.test.ts"];
const REPLICA = ["tests/client/replica.test.ts", "tests/client/replica_edges.test.ts", "tests/client/state.test.ts"];
const MEMORY = "tests/room/memory_edges.test.ts";

export const TARGETS: Target[] = [
  { path: "server/auth/tickets.ts", tests: ["tests/auth/tickets.test.ts"] },
  { path: "server/auth/origin.ts", tests: ["tests/auth/origin.test.ts", "tests/auth/edges.test.ts"] },
  { path: "server/auth/claims.ts", tests: ["tests/auth/claims.test.ts", "tests/auth/edges.test.ts"] },
  {
    path: "server/auth/tokens.ts",
    tests: ["tests/auth/tokens.test.ts", "tests/auth/host_mode.test.ts", "tests/auth/auth.test.ts"],
  },
  {
    path: "server/auth/auth.ts",
    tests: ["tests/auth/edges.test.ts", "tests/auth/auth.test.ts", "tests/auth/host_mode.test.ts"],
  },
  { path: "server/room/ring.ts", tests: ["tests/room/ring.test.ts", MEMORY] },
  { path: "server/room/backfill.ts", tests: ["tests/room/backfill.test.ts", MEMORY] },
  { path: "server/realtime/holds.ts", tests: ["tests/realtime/holds.test.ts", "tests/realtime/holds_edges.test.ts"] },
  { path: "client/state/outbox.ts", tests: ["tests/client/outbox.test.ts"] },
  { path: "client/state/replica_conversation.ts", tests: REPLICA },
  { path: "client/state/replica.ts", tests: REPLICA },
  {
    path: "migrations/0007_one_plan_by_keys.sql",
    parts: [["as $$", "end\n$$;"]],
    tests: ["tests/store/messages_edges.test.ts", "tests/store/messages.test.ts", "tests/store/conversations.test.ts"],
  },
  {
    path: "server/store/messages.ts",
    tests: ["tests/store/messages_edges.test.ts", "tests/store/revise.test.ts", "tests/store/messages.test.ts"],
  },
  { path: "server/realtime/sync.ts", tests: SYNC },
  {
    path: "server/store/participants.ts",
    tests: [
      "tests/store/participants.test.ts",
      "tests/store/conversations.test.ts",
      "tests/store/conversation_words.test.ts",
      "tests/store/skeletons.test.ts",
    ],
  },
  {
    path: "server/room/room.ts",
    parts: [
      ["  send(append: Append)", "\n  }"],
      ["  async missedSince(", "\n  }"],
      ["  lookAgain(): Promise<void>", "  async #memberOrThrow"],
      ["  #lose(): void", "  async #announceToAll"],
      ["function visiblePart(", "\n}"],
    ],
    tests: ["tests/room/room_edges.test.ts", "tests/room/room.test.ts", "tests/room/rejoined.test.ts"],
  },
  {
    path: "server/realtime/dispatch.ts",
    tests: [
      "tests/realtime/changes.test.ts",
      "tests/realtime/authority.test.ts",
      "tests/realtime/positions.test.ts",
      "tests/realtime/typing.test.ts",
      "tests/realtime/limits.test.ts",
      "tests/realtime/watching.test.ts",
      "tests/guards/space.test.ts",
    ],
  },
];
