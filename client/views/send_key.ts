// Which key sends where nobody has chosen one: on a touch screen Enter makes a line, as its keyboard has no Shift+Enter.
import type { Settings } from "../state/settings.ts";

/** As far as a browser can tell: a mouse stands beside a keyboard. */
export const KEYBOARD = "(hover: hover) and (pointer: fine)";

export function sendKeyOf({ sendKey }: Settings, hasKeyboard: boolean): "enter" | "ctrlEnter" {
  return sendKey !== "auto" ? sendKey : hasKeyboard ? "enter" : "ctrlEnter";
}
