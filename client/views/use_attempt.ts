// Something small that a person asked for: when it cannot be done, a toast says why.
import type { Outcome } from "../state/actions.ts";
import { useApp } from "./context.ts";

/** Resolves to whether it was done. */
export function useAttempt(): (work: Outcome) => Promise<boolean> {
  const { actions } = useApp();
  return async (work) => {
    const failure = await work;
    if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
    return failure === null;
  };
}
