// The eight colours that a group's picture can have, one of them chosen.
import { useApp } from "./context.ts";

/** As many as there are tints (client/styles/avatar.css, TINTS in client/state/names.ts). */
const COLOURS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

interface Props {
  value: number;
  onPick(colour: number): void;
}

export function Swatches({ value, onPick }: Props) {
  const { i18n: { t } } = useApp();
  return (
    <fieldset class="swatches">
      <legend class="unseen">{t("details.colour")}</legend>
      {COLOURS.map((colour) => (
        <label key={colour} class={`swatch tint-${colour}`} title={t(`colour.${colour}`)}>
          <input
            type="radio"
            name="colour"
            checked={colour === value}
            aria-label={t(`colour.${colour}`)}
            onChange={() => onPick(colour)}
          />
        </label>
      ))}
    </fieldset>
  );
}
