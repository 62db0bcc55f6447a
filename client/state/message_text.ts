// How a message's text is shown: a few emoji alone are large, a long text is folded.

const FOLD_CHARS = 900;
const FOLD_LINES = 16;
/** So little more is shown at once. */
const FOLD_SLACK_CHARS = 200;
const EMOJI_MAX = 3;

/** An emoji: a flag, a keycap, or pictures with their skin tones and tags, joined or not (Unicode TS #51, §1.4.9). */
const ONE = String
  .raw`(?:\p{Regional_Indicator}\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*)*)`;
export const EMOJI = new RegExp(String.raw`^\s*(?:${ONE}\s*){1,${EMOJI_MAX}}$`, "u");

/** Nothing but one to three emoji. */
export function isEmojiOnly(body: string): boolean {
  return body.length <= 60 && EMOJI.test(body);
}

/** The beginning of a long text, as far as it is shown unfolded; null: all of it is shown. */
export function foldedText(body: string): string | null {
  let end = Math.min(body.length, FOLD_CHARS);
  for (let line = 0, at = -1; line < FOLD_LINES; line++) {
    at = body.indexOf("\n", at + 1);
    if (at === -1 || at >= end) break;
    if (line === FOLD_LINES - 1) end = at;
  }
  if (body.length - end <= FOLD_SLACK_CHARS && !body.slice(end).trim().includes("\n")) return null;
  // Between words where there is one: half an address would be a link to somewhere else.
  const space = body.slice(0, end + 1).search(/\s\S*$/);
  if (space > end - FOLD_SLACK_CHARS) return body.slice(0, space);
  const isSplit = /[\uD800-\uDBFF]/.test(body[end - 1]!);
  return body.slice(0, isSplit ? end - 1 : end);
}
