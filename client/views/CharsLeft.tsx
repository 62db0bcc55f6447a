// How many characters still fit into a message: seen at every keystroke near the limit, said at a few.
import { useApp } from "./context.ts";

/** So many before the limit the count is shown; at each of these a screen reader says it. */
const STEPS = [10, 20, 50, 100, 200];

export function CharsLeft({ left }: { left: number }) {
  const { i18n } = useApp();
  const step = STEPS.find((step) => left <= step);
  const words = (n: number) => n < 0 ? i18n.t("composer.over", { n: -n }) : i18n.t("composer.left", { n });
  return (
    <>
      <span class={left < 0 ? "composer-count composer-over" : "composer-count"} aria-hidden="true">
        {step !== undefined && words(left)}
      </span>
      <span class="unseen" role="status">
        {step !== undefined && (left < 0 ? i18n.t("failure.too_large") : words(step))}
      </span>
    </>
  );
}
