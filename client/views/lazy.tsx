// A component whose code is fetched when it is first shown; where that fails, says so and offers to try again.
import type { Attributes, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "../state/failure.ts";
import { FailureNote } from "./FailureNote.tsx";

type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props : never;

/**
 * `lazy(() => import("./Settings.tsx"), "Settings")`. Draws nothing until the code is there; `preload` fetches it
 * before it is wanted.
 */
export function lazy<Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name) {
  type Props = PropsOf<Module[Name]>;
  let loaded: ComponentType<Props> | null = null;
  const fetched = async () => loaded = (await load())[name] as ComponentType<Props>;

  function Lazy(props: Props & Attributes) {
    const [state, setState] = useState<"loading" | "ready" | "failed">(loaded ? "ready" : "loading");
    const attempt = () => {
      setState("loading");
      fetched().then(() => setState("ready"), () => setState("failed"));
    };
    useEffect(() => {
      if (!loaded) attempt();
    }, []);
    if (state === "failed") return <FailureNote failure={new Failure("offline")} onRetry={attempt} />;
    const Loaded = loaded;
    return Loaded && <Loaded {...props} />;
  }

  return Object.assign(Lazy as ComponentType<Props>, { preload: () => void fetched().catch(() => {}) });
}
