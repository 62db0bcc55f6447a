// Whether a key belongs to an input method that is putting a word together: then it is not ours.

/** What browsers report for a key that an input method has taken (UI Events, §5.3.2 "keyCode"). */
const KEY_CODE_COMPOSING = 229;

export function isComposing(event: KeyboardEvent): boolean {
  // Safari ends the composition before the Enter that confirmed it; only the key code still tells.
  return event.isComposing || event.keyCode === KEY_CODE_COMPOSING;
}
