// Finds web and e-mail addresses and phone numbers in a message's text. Nothing is fetched, nothing else becomes a link.

export interface TextPart {
  text: string;
  /** Absolute address, `mailto:` or `tel:`; absent in plain text. */
  href?: string;
}

// Bidirectional controls end an address: they could show it as another than it is.
const WEB = String.raw`\b(?:https?:\/\/|www\.)[^\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]+`;
const EMAIL = String.raw`\b[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b`;
/** Digits in groups, also Devanagari ones, as people in Nepal and India write numbers. */
const PHONE = String.raw`(?<![\p{L}\p{N}_.,@/-])\+?\(?[\d०-९](?:[ ().-]{0,2}[\d०-९]){6,14}(?![\p{L}\p{N}_@]|,\p{N})`;
export const LINK = new RegExp(`(${WEB})|(${EMAIL})|${PHONE}`, "giu");

/** What ends a sentence rather than an address. */
const TRAILING = ".,;:!?'\"»”’)]}।…";
/** Day, month and year, or year, month and day, with whatever follows: a time, another date. */
const DATE = /^(?:\d{1,2}([ .-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d\d)|\d{4}([ .-])\d{1,2}\2\d{1,2})(?!\d|[.-]\d)/;
/** In groups of three, as money is written. */
const PRICE = /^\d{1,3}(?:\.\d{3}){2,}$/;
/** With its country's code; or a trunk zero, or a mobile number of Nepal or India: other digits are prices and sizes. */
const DIALLED = /^(?:\+\d{8,15}|0\d{7,10}|[6-9]\d{9})$/;

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const [found, web, email] = match;
    const shown = web ? trimEnd(web) : found;
    const href = web ? webHref(shown) : email ? `mailto:${email}` : phoneHref(found);
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
  let length = address.length;
  while (length > 0 && TRAILING.includes(address[length - 1]!)) length--;
  let end = address.slice(0, length);
  while (address[end.length] === ")" && count(end, "(") > count(end, ")")) end += ")";
  return end;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function webHref(shown: string): string | null {
  const url = URL.parse(/^www\./i.test(shown) ? `https://${shown}` : shown);
  if (!url || !url.hostname.includes(".") && url.hostname !== "localhost") return null;
  // "https://bank.com@evil.com" leads to evil.com: whoever writes so means to deceive.
  return url.username === "" && url.password === "" ? url.href : null;
}

function phoneHref(found: string): string | null {
  const latin = found.replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x966));
  const dialled = latin.replace(/[^\d+]/g, "");
  return DIALLED.test(dialled) && !DATE.test(latin) && !PRICE.test(latin) ? `tel:${dialled}` : null;
}
