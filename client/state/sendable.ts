// What was typed or pasted, as it may be sent: no line ends of other systems, nothing invisible that a paste brought along.

/**
 * Control characters but tab and newline, lone surrogates (protocol/text.ts refuses them), the stand-in for an object
 * of a rich text, and byte order marks. Joiners and direction marks stay: Nepali, Arabic and emoji are written with them.
 */
const ODD = /(?![\n\t])[\p{Cc}\p{Cs}\ufffc\ufeff]/gu;

/** The text without what nobody meant to write, trimmed; empty where there is nothing to send. */
export function sendable(text: string): string {
  return text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(ODD, "").trim();
}
