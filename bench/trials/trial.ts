// A trial: a world, what is run in it on either side, and the figures that this gives.
import type { Figure, Outcome, Target } from "../figures.ts";
import type { CpuShares, Faults } from "../generator/job.ts";
import type { Side } from "../sides/side.ts";
import { conversationId, type World } from "../world.ts";

/** How much time and room there is. */
export interface Pace {
  rounds: number;
  warmUpMs: number;
  measureMs: number;
  /** Messages in the database where pages are read. */
  stored: number;
}

export interface Trial {
  /** For `--only`. */
  id: string;
  world(pace: Pace): World;
  figures: Figure[];
  run(side: Side, pace: Pace): Promise<Outcome>;
  /** New servers in each round: what counts is what a fresh one takes. */
  fresh?: true;
}

/** About what people write. */
export const BODY_CHARS = 100;

export const ratio = (is: Target["is"], value: number): Target => ({ of: "ratio", is, value });
export const ours = (is: Target["is"], value: number): Target => ({ of: "ours", is, value });

export function figure(name: string, unit: string, atLeast: Target | null = null, aim: Target | null = null): Figure {
  return { name, unit, atLeast, aim };
}

export function conversationIds({ rooms }: World): string[] {
  return Array.from({ length: rooms }, (_, room) => conversationId(room));
}

/** The outcome of several jobs: all their values and faults, and the processor shares of the first. */
export function together(parts: Outcome[]): Outcome {
  const cpu: CpuShares = parts[0]!.cpu;
  const faults: Faults = { lost: 0, doubled: 0, reordered: 0, gaps: 0, refused: 0, firstRefusal: null };
  for (const part of parts) {
    if (part.faults === null) continue;
    for (const name of ["lost", "doubled", "reordered", "gaps", "refused"] as const) faults[name] += part.faults[name];
    faults.firstRefusal ??= part.faults.firstRefusal;
  }
  return { values: Object.assign({}, ...parts.map((part) => part.values)), cpu, faults };
}
