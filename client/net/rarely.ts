// What is asked for less often than a message is read or sent: signing in, changes, the people of a group, one's profile.
// Loaded when the first of it is.
import type { z } from "zod";
import type { Me, ParticipantRole } from "../../protocol/models.ts";
import type {
  ConversationAnswer,
  CreateConversation,
  FoundConversations,
  Session,
  UpdateMe,
  UserList,
} from "../../protocol/rest.ts";
import type { Invitation, PeoplePage, SignInForm, SignUpForm } from "../state/actions.ts";
import { conversationPath } from "../state/route.ts";
import { meId } from "../state/state.ts";
import { type ChangingOptions, createChanging } from "./changing.ts";
import { parseLink } from "./link.ts";

export interface RarelyOptions extends ChangingOptions {
  signedIn(answer: Promise<{ me: Me }>): Promise<void>;
  /** Reads a conversation again: whether an event comes or not, what others see too is then shown here. */
  refresh(conversationId: string): Promise<void>;
  learnMe(answer: Promise<{ me: Me }>): Promise<void>;
  go(path: string, options: { replace: boolean }): void;
  onGone(conversationId: string): void;
}

/** Each throws a Failure. */
export function createRarely(options: RarelyOptions) {
  const { store, rest: { ask }, signedIn, refresh, learnMe, go, onGone } = options;
  const of = (id: string, rest: string) => `/api/messages/conversations/${encodeURIComponent(id)}${rest}`;
  const person = (id: string, userId: string) => of(id, `/participants/${encodeURIComponent(userId)}`);
  const endSession = (id: string) => ask("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
  const loadSessions = async () => (await ask<{ sessions: Session[] }>("GET", "/api/sessions")).sessions;

  async function change(id: string, method: string, path: string, body?: unknown): Promise<void> {
    await ask(method, path, body);
    await refresh(id);
  }

  /** Opens a conversation that may have to be made first. */
  async function startWith(body: z.input<typeof CreateConversation>): Promise<void> {
    const { conversation } = await ask<z.infer<typeof ConversationAnswer>>("POST", "/api/messages/conversations", body);
    store.apply({ type: "conversation", conversation });
    go(conversationPath(store.route.peek().lang, conversation.id), { replace: true });
  }

  const search = (what: string, words: string) => `/api/messages/search-${what}?${new URLSearchParams({ q: words })}`;

  return {
    ...createChanging(options),

    signIn: (form: SignInForm) => signedIn(ask("POST", "/api/sessions", form)),
    signUp: ({ invite, ...form }: SignUpForm) =>
      signedIn(ask("POST", "/api/accounts", invite === null ? form : { ...form, invite })),

    leave: (id: string) => ask("DELETE", of(id, "")).then(() => onGone(id)),
    rename: (id: string, title: string) => change(id, "PUT", of(id, "/title"), { title }),
    setColour: (id: string, colour: number | null) => change(id, "PUT", of(id, "/colour"), { colour }),
    addPeople: (id: string, userIds: string[]) =>
      change(id, "POST", of(id, "/participants"), { participants: userIds.map((id) => ({ id })) }),
    removePerson: (id: string, userId: string) => change(id, "DELETE", person(id, userId)),
    setRole: (id: string, userId: string, role: ParticipantRole) =>
      change(id, "PUT", `${person(id, userId)}/role`, { role }),
    loadParticipants: (id: string, cursor?: string, onlyResembling = false) => {
      const query = new URLSearchParams({ resembling: String(onlyResembling), ...cursor !== undefined && { cursor } });
      return ask<PeoplePage>("GET", of(id, `/participants?${query}`));
    },

    searchPeople: async (words: string) => {
      const { users } = await ask<z.infer<typeof UserList>>("GET", search("users", words));
      return users.filter(({ id }) => id !== meId(store.state.peek()));
    },
    searchConversations: async (words: string) =>
      (await ask<z.infer<typeof FoundConversations>>("GET", search("conversations", words))).conversations,
    startDirect: (id: string) => startWith({ kind: "direct", to: { id } }),
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
