// How long a text is: in Unicode code points, what `char_length` says, so that both ends and the database agree.

export function charCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
