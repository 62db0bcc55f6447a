// Readiness: whether a message that came now could be committed, found out by a real commit, however often it is asked.

const KEPT_MS = 1_000;
const PATIENCE_MS = 2_000;

export type NotReady = "draining" | "disk space" | "database";

export interface ReadinessOptions {
  isDraining: () => boolean;
  isLow: () => boolean;
  /** Commits something that leaves nothing behind; rejects where that cannot be. */
  commit: () => Promise<void>;
  now: () => number;
}

/** Resolves to null when ready. Those who ask within a second share one commit; a slow one counts as none. */
export function createReadiness(options: ReadinessOptions): () => Promise<NotReady | null> {
  const { isDraining, isLow, commit, now } = options;
  let asked: { at: number; works: Promise<boolean> } | null = null;
  return async () => {
    if (isDraining()) return "draining";
    if (isLow()) return "disk space";
    // also when the clock was set back meanwhile
    if (asked === null || Math.abs(now() - asked.at) >= KEPT_MS) asked = { at: now(), works: inTime(commit()) };
    return await asked.works ? null : "database";
  };
}

async function inTime(work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), PATIENCE_MS);
  try {
    return await Promise.race([work.then(() => true, () => false), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
