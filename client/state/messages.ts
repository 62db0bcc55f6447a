// Messages by seq: two lists of them become one, where the higher version of each stands.
import type { Message } from "../../protocol/models.ts";

/**
 * Both lists by seq; where a seq is in both, the higher version stands. `known` is in order already: what only continues
 * it or comes before it costs no more than the copy, however long it is.
 */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const added = inOrder(incoming);
  const [first, last] = [added[0], added.at(-1)];
  if (first === undefined || last === undefined) return known;
  if (known.length === 0 || first.seq > known.at(-1)!.seq) return known.concat(added);
  if (last.seq < known[0]!.seq) return added.concat(known);
  if (added.length === 1) return withOne(known, first);
  const merged: Message[] = [];
  let at = 0;
  for (const message of added) {
    while (at < known.length && known[at]!.seq < message.seq) merged.push(known[at++]!);
    const same = known[at]?.seq === message.seq ? known[at++]! : null;
    merged.push(same !== null && same.version >= message.version ? same : message);
  }
  while (at < known.length) merged.push(known[at++]!);
  return merged;
}

/** Where the first message of at least this seq stands; the length where there is none. */
export function indexOfSeq(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without what lies behind a hole. */
export function unbroken(messages: readonly Message[]): readonly Message[] {
  if (messages.length === 0) return messages;
  const start = messages[0]!.seq;
  if (messages.at(-1)!.seq - start === messages.length - 1) return messages;
  // Once a message stands further on than its index, all after it do.
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle]!.seq - start === middle) low = middle + 1;
    else high = middle;
  }
  return messages.slice(0, low);
}

function withOne(known: readonly Message[], message: Message): readonly Message[] {
  const at = indexOfSeq(known, message.seq);
  const old = known[at];
  if (old?.seq !== message.seq) return known.toSpliced(at, 0, message);
  return old.version >= message.version ? known : known.with(at, message);
}

/** By seq, each seq once. An answer of the server is mostly in order as it comes. */
function inOrder(messages: readonly Message[]): readonly Message[] {
  if (messages.every((message, index) => index === 0 || message.seq > messages[index - 1]!.seq)) return messages;
  const bySeq = new Map<number, Message>();
  for (const message of messages) {
    const old = bySeq.get(message.seq);
    if (!old || message.version > old.version) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
