// Why the server closes a socket, and whether the client should come back (RFC 6455 §7.4: 4000–4999 are ours).

/** By itself, because the client knows this one alone. */
export const UNAUTHENTICATED = { code: 4401, reconnect: false, reason: "sign in again" } as const;

export const CLOSE = {
  goingAway: { code: 1001, reconnect: true, reason: "server is stopping" },
  tooLarge: { code: 1009, reconnect: false, reason: "frame too large" },
  slow: { code: 4000, reconnect: true, reason: "too slow; resume from your cursors" },
  unauthenticated: UNAUTHENTICATED,
  badFrame: { code: 4400, reconnect: false, reason: "frames must be JSON text" },
  rateLimited: { code: 4429, reconnect: true, reason: "too many frames" },
} as const;

export type CloseReason = keyof typeof CLOSE;
