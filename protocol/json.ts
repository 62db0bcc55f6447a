// JSON as we accept it: RFC 8259, and no object may name a key twice (I-JSON, RFC 7493 §2.3).

/** The text is not JSON, or names a key twice. The message is fit for the sender's eyes. */
export class JsonError extends Error {}

/** Parses `source`; throws {@link JsonError}. JSON.parse keeps the last of two equal keys, so two readers could disagree. */
export function parseJson(source: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw new JsonError("the text is not valid JSON");
  }
  const twice = findDuplicateKey(source);
  if (twice !== undefined) throw new JsonError(`the key ${twice} stands twice in one object`);
  return value;
}

/** The first key (as written, quotes included) that stands twice in one object of a text that is valid JSON. */
function findDuplicateKey(source: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < source.length; at++) {
    switch (source.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        break;
      case 0x5b: // [
        open.push(null);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        break;
      case 0x22: { // "
        const end = endOfString(source, at);
        const keys = open.at(-1);
        if (keys && isFollowedByColon(source, end)) {
          const raw = source.slice(at, end);
          const key = raw.includes("\\") ? JSON.parse(raw) as string : raw.slice(1, -1);
          if (keys.has(key)) return raw;
          keys.add(key);
        }
        at = end - 1;
      }
    }
  }
}

/** The index behind the closing quote of the string that opens at `start`. */
function endOfString(source: string, start: number): number {
  for (let at = start + 1;; at++) {
    const unit = source.charCodeAt(at);
    if (unit === 0x5c) at++;
    else if (unit === 0x22) return at + 1;
  }
}

function isFollowedByColon(source: string, from: number): boolean {
  for (let at = from; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === 0x3a) return true;
    if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return false;
  }
  return false;
}
