// Figures: what was measured in each round, summed up as median and range, and as ratio of ours to the peer's.
import type { CpuShares, Faults } from "./generator/job.ts";

export interface Target {
  of: "ours" | "ratio";
  is: "≥" | "≤";
  value: number;
}

/** A row of the table. */
export interface Figure {
  name: string;
  unit: string;
  /** What must be reached, and what is hoped for. */
  atLeast: Target | null;
  aim: Target | null;
}

/** What one run of one side gave: a value for each figure; null: this side cannot do it. */
export interface Outcome {
  values: Record<string, number | null>;
  cpu: CpuShares;
  faults: Faults | null;
}

export interface Round {
  ours: Outcome;
  peer: Outcome;
}

type Range = [low: number, high: number];

/** A row of results.json. */
export interface Result {
  name: string;
  unit: string;
  /** Medians of the rounds. */
  ours: number | null;
  peer: number | null;
  /** Ours divided by the peer's, in the same round; the median of it. */
  ratio: number | null;
  range: { ours: Range | null; peer: Range | null; ratio: Range | null };
  rounds: number;
  atLeast: string | null;
  reached: boolean | null;
  aim: string | null;
  /** Shares of one core, medians: the generator is not the limit where its own is well below 1. */
  cpu: { ours: CpuShares; peer: CpuShares };
}

export function sumUp(figure: Figure, rounds: Round[]): Result {
  const of = (side: "ours" | "peer") => rounds.map((round) => round[side].values[figure.name] ?? null);
  const [ours, peer] = [of("ours"), of("peer")];
  const ratios = ours.map((value, index) => {
    const theirs = peer[index] ?? null;
    return value === null || theirs === null ? null : value / theirs;
  });
  const [ourMedian, ratio] = [median(ours), median(ratios)];
  const { atLeast, aim } = figure;
  return {
    name: figure.name,
    unit: figure.unit,
    ours: ourMedian,
    peer: median(peer),
    ratio,
    range: { ours: range(ours), peer: range(peer), ratio: range(ratios) },
    rounds: rounds.length,
    atLeast: atLeast && shown(atLeast),
    reached: atLeast && isReached(atLeast, { ours: ourMedian, ratio }),
    aim: aim && shown(aim),
    cpu: { ours: cpu(rounds, "ours"), peer: cpu(rounds, "peer") },
  };
}

export function median(values: (number | null)[]): number | null {
  const known = inOrder(values);
  if (known.length === 0) return null;
  const middle = known.length >> 1;
  return known.length % 2 === 1 ? known[middle]! : (known[middle - 1]! + known[middle]!) / 2;
}

function range(values: (number | null)[]): Range | null {
  const known = inOrder(values);
  return known.length === 0 ? null : [known[0]!, known.at(-1)!];
}

/** In ascending order. */
function inOrder(values: (number | null)[]): number[] {
  return values.filter((value) => value !== null && !Number.isNaN(value)).map(Number).sort((a, b) => a - b);
}

function isReached(target: Target, values: { ours: number | null; ratio: number | null }): boolean {
  const value = values[target.of];
  if (value === null) return false;
  return target.is === "≥" ? value >= target.value : value <= target.value;
}

function shown({ of, is, value }: Target): string {
  return `${is} ${value.toLocaleString("en")}${of === "ratio" ? " ×" : ""}`;
}

function cpu(rounds: Round[], side: "ours" | "peer"): CpuShares {
  const of = (name: keyof CpuShares) => median(rounds.map((round) => round[side].cpu[name]));
  return { generator: of("generator") ?? NaN, server: of("server"), postgres: of("postgres") };
}
