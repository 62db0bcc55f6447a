// A component whose code is fetched when it is first shown; where that fails, says so and offers to try again.
import type { Attributes, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";

type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props : never;

/**
 * `lazy(() => import("./Settings.tsx"), "Settings")`. Draws nothing until the code and all words of the language are
 * there; `preload` fetches the code before it is wanted. One that `isQuiet` nobody has asked for: it says only words
 * that are there from the beginning (vite.config.ts), and where it does not come it is tried again without a word.
 */
export function lazy<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
  { isQuiet = false } = {},
) {
  type Props = PropsOf<Module[Name]>;
  let loaded: ComponentType<Props> | null = null;
  const fetched = async () => loaded = (await load())[name] as ComponentType<Props>;

  function Lazy(props: Props & Attributes) {
    const { i18n } = useApp();
    const isReady = () => loaded !== null && (isQuiet || i18n.isComplete());
    const [state, setState] = useState<"loading" | "ready" | "failed">(isReady() ? "ready" : "loading");
    const attempt = () => {
      setState("loading");
      Promise.all([fetched(), isQuiet || i18n.complete()]).then(() => setState("ready"), () => {
        setState("failed");
        if (isQuiet) addEventListener("online", attempt, { once: true });
      });
    };
    useEffect(() => {
      // Not `!loaded`: what has come since this was drawn must be drawn, too.
      if (state === "loading") attempt();
    }, []);
    if (state === "failed" && !isQuiet) return <FailureNote failure={new Failure("offline")} onRetry={attempt} />;
    const Loaded = isReady() && loaded;
    return Loaded && <Loaded {...props} />;
  }

  return Object.assign(Lazy as ComponentType<Props>, { preload: () => void fetched().catch(() => {}) });
}
