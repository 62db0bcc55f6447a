// Calls of a store on their way: each takes its time, and may fail before it is done, or be done and its answer lost.
import { StoreUnavailable } from "../../server/store/errors.ts";
import type { VirtualTime } from "./time.ts";

/**
 * What becomes of one call. `before`: not done; `lost`: done, and the asker sees an error; `crash…`: the asking process
 * ends there, before or after it was done.
 */
export type Fault = "none" | "before" | "lost" | "crashBefore" | "crashAfter";

export interface Calls {
  time: VirtualTime;
  /** Asked at each call, with its name, such as `messages.append`. */
  faultOf(name: string): Fault;
  /** Milliseconds to the store, or back from it. */
  delay(): number;
  /** The process that asks is there. */
  isAlive(): boolean;
  /** The process that asks ends here. */
  crash(): void;
}

/** The same store with each call on its way; what a process that has ended asks for may still be done, unheard. */
export function overWire<Tables extends object>(store: Tables, calls: Calls): Tables {
  return wrapEach(
    store,
    (table, tableName) =>
      wrapEach(
        table as object,
        (method, name) => (...args: unknown[]) =>
          call(calls, `${tableName}.${name}`, () => (method as (...args: unknown[]) => Promise<unknown>)(...args)),
      ),
  );
}

function wrapEach<Target extends object>(target: Target, wrap: (value: unknown, name: string) => unknown): Target {
  const made = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(target, name) {
      if (!made.has(name)) made.set(name, wrap(Reflect.get(target, name), String(name)));
      return made.get(name);
    },
  });
}

async function call(calls: Calls, name: string, work: () => Promise<unknown>): Promise<unknown> {
  const { time } = calls;
  const fault = calls.faultOf(name);
  if (fault === "crashBefore") calls.crash();
  await time.sleep(calls.delay());
  if (!calls.isAlive() && (fault === "crashBefore" || time.random.fraction() < 0.5)) return await NEVER;
  if (fault === "before") throw new StoreUnavailable(`${name}: no way to the store`);
  const done = work();
  // What is done is done at this moment: what follows from it has its own.
  const result = await done.then((value) => ({ value }), (error: unknown) => ({ error }));
  if (fault === "crashAfter") calls.crash();
  await time.sleep(calls.delay());
  if (!calls.isAlive()) return await NEVER;
  if (fault === "lost") throw new StoreUnavailable(`${name}: the answer was lost`);
  if ("error" in result) throw result.error;
  return result.value;
}

const NEVER = new Promise<never>(() => {});
