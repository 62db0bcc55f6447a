// All that a view can ask for. The controller (net/controller.ts) does it; views never touch the network.
import type { User } from "../../protocol/models.ts";
import type { Failure } from "./failure.ts";

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
  loadThread(conversationId: string): Promise<void>;
  loadOlder(conversationId: string): Promise<void>;

  send(conversationId: string, body: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  saveDraft(conversationId: string, body: string): void;
  /** The person has seen all up to this seq. */
  markRead(conversationId: string, seq: number): void;

  searchPeople(words: string): Promise<User[] | Failure>;
  startDirect(userId: string): Outcome;
  startGroup(title: string, userIds: string[]): Outcome;
}
