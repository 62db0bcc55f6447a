// Ctrl-C: what is under way ends in order, its processes and folders with it.

const controller = new AbortController();

export const interruption: AbortSignal = controller.signal;

export function heedInterrupts(): void {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => {
      if (!interruption.aborted) console.error("\nStopping…");
      controller.abort(new Error("interrupted"));
    });
  }
}

/** Rejects at once when interrupted. */
export async function wait(ms: number): Promise<void> {
  interruption.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => reject(interruption.reason);
  interruption.addEventListener("abort", stop, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    interruption.removeEventListener("abort", stop);
  }
}
