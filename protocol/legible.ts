// Names and titles as what they look like: nothing invisible in them, nothing that turns or buries the text around them.

/** What has no shape of its own, but for the joiners and variation selectors that scripts and emoji need (Unicode UAX #44). */
const INVISIBLE = /[\p{Bidi_Control}\p{Cf}\p{Co}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
const JOINER = /[\u200c\u200d]/;
/** A joiner means something after a virama or another mark, in Arabic and its like, and within an emoji (UTS #46, ContextJ). */
const IDLE_JOINER =
  /(?<![\p{M}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
/** A flag of England is tags after a black flag: those, and no others, are part of an emoji. */
const EMOJI_TAGS = /\u{1f3f4}[\u{e0030}-\u{e007a}]{1,6}\u{e007f}/gu;
/** Marks that stack; no language puts more than four on a letter (UTS #39 §5.4). */
const FLOOD = /([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu;

/** A title: composed, in one line without anything invisible; at most four marks on a letter. May be empty. */
export function legible(text: string): string {
  const emoji = text.match(EMOJI_TAGS) ?? [];
  let next = 0;
  return text.normalize("NFC")
    // stands in for a whole flag while its tags go
    .replace(EMOJI_TAGS, "\u{1f3f4}\ufffc")
    .replace(INVISIBLE, (found) => JOINER.test(found) ? found : "")
    .replace(IDLE_JOINER, "")
    // what has gone may have stood between a letter and its mark
    .normalize("NFC")
    .replace(FLOOD, "$1")
    .replace(/\u{1f3f4}\ufffc/gu, () => emoji[next++] ?? "\u{1f3f4}")
    .replace(/\s+/gu, " ")
    .trim();
}

/** A person's name: like a title, and letters that are only another dress of a letter are that letter (NFKC, UAX #15). */
export function legibleName(text: string): string {
  return legible(text.normalize("NFKC"));
}
