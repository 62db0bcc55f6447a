// Waiting in a chaos run: for a time, for a promise no longer than so long, for something that another process does.

const LOOK_EVERY_MS = 50;

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Whether `promise` resolved in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again, since nobody tells: whether it held in time. */
export async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const begun = performance.now();
  while (!await holds()) {
    if (performance.now() - begun > ms) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}
