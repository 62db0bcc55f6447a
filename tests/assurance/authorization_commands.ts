// Who may ask what over the socket: a row for each command, and the compiler sees to it that there is one.
import type { Command, CommandName } from "../../protocol/commands.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { type Canary, INSIDE, LIVE, type Role } from "./authorization_roles.ts";
import type { Scene } from "./authorization_scene.ts";

export interface CommandRow<Name extends CommandName = CommandName> {
  /** Who gets `ok`. The rest: without a proof no socket; from outside `not_found`; else `forbidden`. */
  may: Role[];
  but?: Partial<Record<Role, ErrorCode>>;
  namesConversation: boolean;
  /** As for routes: a room answers. Most commands go through it. */
  throughRoom: boolean;
  shows?: Canary[];
  command(scene: Scene, role: Role, conversationId: string): Omit<Command<Name>, "ref" | "command">;
}

const ADMIN: Role[] = ["groupAdmin"];

function inGroup<Name extends CommandName>(
  may: Role[],
  command: CommandRow<Name>["command"],
  more: Partial<CommandRow<Name>> = {},
): CommandRow<Name> {
  return { may, namesConversation: true, throughRoom: true, command, ...more };
}

export const COMMAND_ROWS: { [Name in CommandName]: CommandRow<Name>[] } = {
  "message:send": [
    inGroup(INSIDE, ({ canaries }, _, conversationId) => ({
      conversationId,
      clientId: uuidv7(),
      body: canaries.written,
    })),
  ],
  "message:edit": [
    inGroup(["member"], ({ seqs, canaries }, _, conversationId) => ({
      conversationId,
      seq: seqs.late,
      body: canaries.written,
    })),
    inGroup(["member"], ({ seqs, canaries }, _, conversationId) => ({
      conversationId,
      seq: seqs.early,
      body: canaries.written,
    }), { but: { invited: "not_found" } }),
  ],
  "message:delete": [
    inGroup(["member", "groupAdmin"], ({ seqs }, _, conversationId) => ({ conversationId, seq: seqs.late })),
    inGroup(["member", "groupAdmin"], ({ seqs }, _, conversationId) => ({ conversationId, seq: seqs.deleted }), {
      but: { invited: "not_found" },
    }),
  ],
  "message:read": [inGroup(INSIDE, ({ seqs }, _, conversationId) => ({ conversationId, seq: seqs.late }))],
  "message:delivered": [
    inGroup(INSIDE, ({ seqs }, _, conversationId) => ({ positions: [{ conversationId, seq: seqs.late }] })),
  ],
  "typing:start": [inGroup(INSIDE, (_scene, _role, conversationId) => ({ conversationId }))],
  "typing:stop": [inGroup(INSIDE, (_scene, _role, conversationId) => ({ conversationId }))],
  "conversation:watch": [inGroup(LIVE, (_scene, _role, conversationId) => ({ conversationIds: [conversationId] }))],
  "conversation:create": [
    {
      may: LIVE,
      namesConversation: false,
      throughRoom: false,
      command: ({ people, canaries }, role) => ({
        conversation: {
          kind: "direct",
          to: { id: people.newcomer.id },
          listing: {
            id: role,
            title: canaries.written,
            url: null,
            imageUrl: null,
            price: null,
            currency: null,
            status: "active",
          },
        },
      }),
    },
    {
      may: LIVE,
      namesConversation: false,
      throughRoom: false,
      command: ({ people, canaries }) => ({
        conversation: {
          kind: "group",
          title: canaries.written,
          colour: null,
          participants: [{ id: people.other.id }],
        },
      }),
    },
  ],
  "conversation:rename": [
    inGroup(ADMIN, ({ canaries }, _, conversationId) => ({ conversationId, title: canaries.written })),
  ],
  "conversation:leave": [inGroup(INSIDE, (_scene, _role, conversationId) => ({ conversationId }))],
  "participant:add": [
    inGroup(ADMIN, ({ people }, _, conversationId) => ({
      conversationId,
      participants: [{ id: people.newcomer.id }],
    }), { throughRoom: false }),
    inGroup([], (_scene, _role, conversationId) => ({ conversationId, participants: [{ id: uuidv7() }] }), {
      throughRoom: false,
      but: Object.fromEntries(INSIDE.map((role) => [role, "user_not_found"])),
    }),
  ],
  "participant:remove": [
    inGroup(ADMIN, ({ people }, _, conversationId) => ({ conversationId, userId: people.leaver.id })),
  ],
  "participant:role": [
    inGroup(ADMIN, ({ people }, _, conversationId) => ({ conversationId, userId: people.other.id, role: "admin" })),
    inGroup(ADMIN, ({ people }, role, conversationId) => ({ conversationId, userId: people[role].id, role: "admin" })),
  ],
  "user:status": [{ may: LIVE, namesConversation: false, throughRoom: false, command: () => ({ status: "away" }) }],
  "session:renew": [
    {
      may: LIVE,
      namesConversation: false,
      throughRoom: false,
      command: ({ people }, role) => ({ token: people[role].token }),
    },
    // Somebody else's token makes nobody of them.
    {
      may: [],
      namesConversation: false,
      throughRoom: false,
      but: Object.fromEntries(LIVE.map((role) => [role, "unauthenticated"])),
      command: ({ people }) => ({ token: people.other.token }),
    },
  ],
  "sync": [
    inGroup(LIVE, (_scene, _role, conversationId) => ({
      epoch: null,
      cursors: [{ conversationId, seq: 0, version: 0 }],
      list: true,
    }), { shows: ["title", "early", "late"] }),
    {
      may: LIVE,
      namesConversation: false,
      throughRoom: false,
      shows: ["direct"],
      command: ({ directId }) => ({
        epoch: null,
        cursors: [{ conversationId: directId, seq: 0, version: 0 }],
        list: false,
      }),
    },
  ],
};

export function expectedCode(row: CommandRow, role: Role, outside: boolean): ErrorCode | "ok" {
  if (row.may.includes(role)) return "ok";
  return row.but?.[role] ?? (outside && row.namesConversation ? "not_found" : "forbidden");
}
