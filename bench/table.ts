// The results as a table for people.
import type { Result } from "./figures.ts";

const HEAD = ["", "ours (range)", "Socket.IO stack (range)", "ratio (range)", "at least", "aim", "generator CPU"];

/** Markdown, so that it can stand in docs/benchmarks.md as it is. */
export function table(results: Result[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length), 3));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join("\n");
}

function cells(result: Result): string[] {
  const { name, unit, ours, peer, ratio, range, atLeast, reached, aim, cpu } = result;
  const verdict = reached === null ? "" : reached ? " yes" : " MISSED";
  const share = (value: number | null) => value === null || Number.isNaN(value) ? "?" : `${Math.round(value * 100)} %`;
  return [
    name.trim(),
    `${shown(ours)} ${unit} ${span(range.ours)}`.trim(),
    peer === null ? "–" : `${shown(peer)} ${unit} ${span(range.peer)}`.trim(),
    ratio === null ? "–" : `${shown(ratio)} × ${span(range.ratio)}`,
    atLeast === null ? "" : `${atLeast}${verdict}`,
    aim ?? "",
    `${share(cpu.ours.generator)} / ${share(cpu.peer.generator)}`,
  ];
}

function span(range: [number, number] | null): string {
  return range === null ? "" : `(${shown(range[0])}–${shown(range[1])})`;
}

/** Three digits that count. */
function shown(value: number | null): string {
  if (value === null) return "failed";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
