// Finds web addresses in a message's text. Only http and https ever become links; nothing is fetched.

export interface TextPart {
  text: string;
  /** Absolute address; absent in plain text. */
  href?: string;
}

const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"]+/gi;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'"»”’)\]}।…]+$/u;

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimEnd(match[0]);
    const href = toHref(shown);
    if (!href) continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index) });
    parts.push({ text: shown, href });
    done = match.index + shown.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** "(see https://a.np/b_(c))." ends in the address's own bracket: a closing one counts if it was opened inside. */
function trimEnd(address: string): string {
  let end = address.replace(TRAILING, "");
  while (address[end.length] === ")" && count(end, "(") > count(end, ")")) end += ")";
  return end;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function toHref(shown: string): string | null {
  const url = URL.parse(/^www\./i.test(shown) ? `https://${shown}` : shown);
  if (!url || !url.hostname.includes(".") && url.hostname !== "localhost") {
    return null;
  }
  return url.href;
}
