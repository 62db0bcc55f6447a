// The survivors that docs/mutants.md explains: each row of a table there names a file, a mutant and why nobody can see it.

/** `path what` of each, as the run tells them. Lines are not compared: they move. */
export function explainedIn(markdown: string): Set<string> {
  const explained = new Set<string>();
  for (const line of markdown.split("\n")) {
    // Within code the table's own sign is written \|.
    const [, path, mutant] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const what = mutant?.match(/^(`+) ?(.*?) ?\1$/)?.[2];
    if (path && what) explained.add(`${path.replaceAll("`", "").replace(/:\d+$/, "")} ${what.replaceAll("\\|", "|")}`);
  }
  return explained;
}
