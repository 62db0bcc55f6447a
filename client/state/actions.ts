// All that a view can ask for. The controller (net/controller.ts) does it; views never touch the network.
import type { Key } from "../i18n/catalogue.ts";
import type { Conversation, Participant, ParticipantRole, User } from "../../protocol/models.ts";
import type { Session } from "../../protocol/rest.ts";
import type { Failure } from "./failure.ts";
import type { Settings } from "./settings.ts";
import type { ToastOptions } from "./toasts.ts";

/** Null: it is done, and the state tells the rest. */
export type Outcome = Promise<Failure | null>;

export interface SignInForm {
  username: string;
  password: string;
}

export interface SignUpForm extends SignInForm {
  name: string;
  locale: string;
  invite: string | null;
}

export interface Invitation {
  code: string;
  expiresAt: string;
}

/** Some of a conversation's people, and where the next ones begin; null: that is all. */
export interface PeoplePage {
  participants: Participant[];
  nextCursor: string | null;
}

/** The browser's notifications, so that a view can suggest them at a good moment and ask for the permission. */
export interface Notifications {
  /** Whether to suggest them now: once on a device, as whoever let it pass knows where the settings are. */
  takeSuggestion(): boolean;
  /** Must be called from a click; true: granted. */
  ask(): Promise<boolean>;
}

export interface Actions {
  /** Begins again after a start that failed. */
  start(): Promise<void>;
  signIn(form: SignInForm): Outcome;
  signUp(form: SignUpForm): Outcome;
  signOut(): Outcome;

  /** Goes to a path of the page; `replace` leaves no step in the history. */
  go(path: string, options?: { replace?: boolean }): void;
  /** Back to the list: by the history where the list is the step before, so that "back" never leads in circles. */
  backToList(): void;

  loadList(): Promise<void>;
  loadMoreConversations(): Promise<void>;
  openArchived(): Promise<void>;
  loadMoreArchived(): Promise<void>;
  loadThread(conversationId: string): Promise<void>;
  loadOlder(conversationId: string): Promise<void>;

  send(conversationId: string, body: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Shown at once; where it is refused, what stood there comes back, and a toast says so. */
  edit(conversationId: string, seq: number, body: string): Outcome;
  /** Deletes a message, as `edit` changes one. */
  remove(conversationId: string, seq: number): Outcome;
  saveDraft(conversationId: string, body: string): void;
  /** The person has seen all up to this seq. */
  markRead(conversationId: string, seq: number): void;
  /** To be called at every keystroke: it is sparing by itself. */
  setTyping(conversationId: string, isTyping: boolean): void;
  /** The rows of the list that are in view; the open conversation is always watched. */
  watch(conversationIds: string[]): void;

  setArchived(conversationId: string, archived: boolean): Outcome;
  /** `until`: a time, MUTE_ALWAYS, or null to be told again. */
  setMuted(conversationId: string, until: string | null): Outcome;
  markUnread(conversationId: string): Outcome;
  leave(conversationId: string): Outcome;
  rename(conversationId: string, title: string): Outcome;
  /** One of the 8 colours of a group's picture (0 … 7); null: by its id. */
  setColour(conversationId: string, colour: number | null): Outcome;
  addPeople(conversationId: string, userIds: string[]): Outcome;
  removePerson(conversationId: string, userId: string): Outcome;
  setRole(conversationId: string, userId: string, role: ParticipantRole): Outcome;
  loadParticipants(conversationId: string, cursor?: string, onlyResembling?: boolean): Promise<PeoplePage | Failure>;

  searchPeople(words: string): Promise<User[] | Failure>;
  searchConversations(words: string): Promise<Conversation[] | Failure>;
  startDirect(userId: string): Outcome;
  startGroup(title: string, userIds: string[], colour?: number): Outcome;
  /** The query of /[lang]/messages/new?to=…: opens that conversation, and leaves no step in the history. */
  startFromLink(query: string): Outcome;

  updateProfile(profile: { name?: string; locale?: string }): Outcome;
  changePassword(current: string, next: string): Outcome;
  loadSessions(): Promise<Session[] | Failure>;
  endSession(sessionId: string): Outcome;
  endOtherSessions(): Outcome;
  createInvite(): Promise<Invitation | Failure>;
  setHidesPresence(hidden: boolean): Outcome;

  changeSettings(settings: Partial<Settings>): void;
  /** Null: this browser has none. */
  suggestNotifications: Notifications | null;
  toast(text: Key, options?: ToastOptions): void;
  dismissToast(id: number): void;
  /** Reloads into the new version that waits. */
  applyUpdate(): void;
}
