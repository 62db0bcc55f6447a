// What is asked for on few days: the people of a group, one's profile and sessions, a link. Loaded when the first of it is.
import type { z } from "zod";
import type { Me, ParticipantRole } from "../../protocol/models.ts";
import type { CreateConversation, Session, UpdateMe } from "../../protocol/rest.ts";
import type { Invitation, PeoplePage } from "../state/actions.ts";
import { parseLink } from "./link.ts";
import type { Rest } from "./rest.ts";

export interface RarelyOptions {
  rest: Pick<Rest, "ask">;
  /** Reads a conversation again: whether an event comes or not, what others see too is then shown here. */
  refresh(conversationId: string): Promise<void>;
  learnMe(answer: Promise<{ me: Me }>): Promise<void>;
  /** Opens a conversation that may have to be made first. */
  startWith(body: z.input<typeof CreateConversation>): Promise<void>;
}

/** Each throws a Failure. */
export function createRarely({ rest: { ask }, refresh, learnMe, startWith }: RarelyOptions) {
  const of = (id: string, rest: string) => `/api/messages/conversations/${encodeURIComponent(id)}${rest}`;
  const person = (id: string, userId: string) => of(id, `/participants/${encodeURIComponent(userId)}`);
  const endSession = (id: string) => ask("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
  const loadSessions = async () => (await ask<{ sessions: Session[] }>("GET", "/api/sessions")).sessions;

  async function change(id: string, method: string, path: string, body?: unknown): Promise<void> {
    await ask(method, path, body);
    await refresh(id);
  }

  return {
    rename: (id: string, title: string) => change(id, "PUT", of(id, "/title"), { title }),
    setColour: (id: string, colour: number | null) => change(id, "PUT", of(id, "/colour"), { colour }),
    addPeople: (id: string, userIds: string[]) =>
      change(id, "POST", of(id, "/participants"), { participants: userIds.map((id) => ({ id })) }),
    removePerson: (id: string, userId: string) => change(id, "DELETE", person(id, userId)),
    setRole: (id: string, userId: string, role: ParticipantRole) =>
      change(id, "PUT", `${person(id, userId)}/role`, { role }),
    loadParticipants: (id: string, cursor?: string) =>
      ask<PeoplePage>("GET", of(id, `/participants${cursor === undefined ? "" : `?cursor=${cursor}`}`)),

    startGroup: (title: string, ids: string[], colour: number | null = null) =>
      startWith({ kind: "group", title, colour, participants: ids.map((id) => ({ id })) }),
    startFromLink: (query: string) => startWith(parseLink(query)),

    updateProfile: (fields: z.input<typeof UpdateMe>) => learnMe(ask("PATCH", "/api/me", fields)),
    setHidesPresence: (hidden: boolean) => learnMe(ask("PUT", "/api/me/presence", { hidden })),
    changePassword: (current: string, next: string) => ask("PUT", "/api/me/password", { current, next }),
    loadSessions,
    endSession,
    // One by one: what ends all at once ends this one, too.
    endOtherSessions: async () => {
      const others = (await loadSessions()).filter(({ current }) => !current);
      await Promise.all(others.map(({ id }) => endSession(id)));
    },
    createInvite: () => ask<Invitation>("POST", "/api/invites", {}),
  };
}

export type Rarely = ReturnType<typeof createRarely>;
