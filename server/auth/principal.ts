// Who is asking.
import type { UserRole } from "../../protocol/models.ts";

export interface Principal {
  userId: string;
  role: UserRole;
  /** The login this stands on; null for people of the host site. */
  sessionId: string | null;
  /** Milliseconds since 1970; from then on it means nothing. */
  expiresAt: number;
  via: "cookie" | "bearer" | "ticket";
}
