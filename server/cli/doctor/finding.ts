// One line of the doctor: what was looked at, how it stands, and what to do about it.

export type Level = "ok" | "warning" | "problem";

export interface Finding {
  level: Level;
  /** What is so, in one sentence without its full stop. */
  what: string;
  /** How to mend it; for everything that is not ok. */
  remedy?: string;
}

export const ok = (what: string): Finding => ({ level: "ok", what });
export const warning = (what: string, remedy: string): Finding => ({ level: "warning", what, remedy });
export const problem = (what: string, remedy: string): Finding => ({ level: "problem", what, remedy });

export function shownBytes(bytes: number): string {
  const [divisor, unit] = bytes >= 1e9 ? [1e9, "GB"] as const : [1e6, "MB"] as const;
  return `${(bytes / divisor).toFixed(1)} ${unit}`;
}

/** As the terminal shows them: the level first, the remedy on a line of its own. */
export function shownFindings(findings: Finding[]): string {
  return findings.map(({ level, what, remedy }) =>
    `${level.padEnd(9)}${what}${remedy === undefined ? "" : `\n         → ${remedy}`}`
  ).join("\n");
}

/** "9 checks: 8 ok, 1 warning, 0 problems" */
export function summaryOf(findings: Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const many = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return `${many(findings.length, "check")}: ${count("ok")} ok, ${many(count("warning"), "warning")}, ${
    many(count("problem"), "problem")
  }`;
}
