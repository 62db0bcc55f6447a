// Who is signed in in a simulated world: sessions by cookie, which end at a time or at once.
import type { Principal } from "../../server/auth/principal.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { VirtualTime } from "./time.ts";

interface Session {
  id: string;
  userId: string;
  endsAt: number;
}

export class Sessions {
  readonly #time: VirtualTime;
  readonly #byCookie = new Map<string, Session>();
  /** Told of each session that is ended before its time. */
  onEnded: (sessionId: string) => void = () => {};

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** The cookie of a new session, which ends by itself after so many milliseconds. */
  begin(userId: string, lifeMs = Infinity): string {
    const id = uuidv7(this.#time.now);
    this.#byCookie.set(id, { id, userId, endsAt: this.#time.now + lifeMs });
    return id;
  }

  /** Before its time. */
  end(cookie: string): void {
    const session = this.#byCookie.get(cookie);
    if (!session || session.endsAt <= this.#time.now) return;
    session.endsAt = this.#time.now;
    this.onEnded(session.id);
  }

  /** Null: nobody is signed in by it. */
  principal(cookie: string | null): Principal | null {
    const session = cookie === null ? undefined : this.#byCookie.get(cookie);
    if (!session || this.#time.now >= session.endsAt) return null;
    const { id, userId, endsAt } = session;
    const expiresAt = endsAt === Infinity ? Number.MAX_SAFE_INTEGER : endsAt;
    return { userId, role: "member", sessionId: id, expiresAt, via: "cookie" };
  }

  endedAt(sessionId: string): number {
    return this.#byCookie.get(sessionId)!.endsAt;
  }
}
