// The verifier notices each thing that can go wrong with a delivery: it is what the benchmark's honesty stands on.
import { describe, expect, it } from "vitest";
import { Verifier } from "../../bench/generator/verifier.ts";

/** Two receivers and one sender who was told that three messages are kept; nothing is delivered yet. */
function afterThree(
  { gapless = true } = {},
): { verifier: Verifier; deliver: (receiver: number, ...seqs: number[]) => void } {
  const verifier = new Verifier(2, 1, gapless);
  for (const counter of [1, 2, 3]) verifier.acknowledged(0, counter);
  return {
    verifier,
    // The server's numbers begin where others left off.
    deliver: (receiver, ...counters) => {
      for (const counter of counters) verifier.delivered(receiver, 0, counter, 100 + counter);
    },
  };
}

const faults = ({ lost, doubled, reordered, gaps }: Verifier) => ({ lost, doubled, reordered, gaps });
const NONE = { lost: 0, doubled: 0, reordered: 0, gaps: 0 };

describe("the verifier", () => {
  it("finds nothing where each came once and in order", () => {
    const { verifier, deliver } = afterThree();
    deliver(0, 1, 2, 3);
    deliver(1, 1, 2, 3);
    expect(faults(verifier)).toEqual(NONE);
  });

  it("finds what never came, in the middle and at the end", () => {
    const { verifier, deliver } = afterThree();
    deliver(0, 1, 3);
    deliver(1, 1);
    expect(faults(verifier)).toEqual({ ...NONE, lost: 3, gaps: 1 });
  });

  it("finds what came twice", () => {
    const { verifier, deliver } = afterThree();
    deliver(0, 1, 2, 2, 3);
    deliver(1, 1, 2, 3);
    expect(faults(verifier)).toEqual({ ...NONE, doubled: 1, gaps: 1 });
  });

  it("finds what came late, and does not call it lost", () => {
    const { verifier, deliver } = afterThree({ gapless: false });
    deliver(0, 1, 3, 2);
    deliver(1, 1, 2, 3);
    expect(faults(verifier)).toEqual({ ...NONE, reordered: 1 });
  });

  it("finds a number of the server's that was skipped, though no sender misses a message", () => {
    const verifier = new Verifier(1, 2, true);
    verifier.delivered(0, 0, 1, 7);
    verifier.delivered(0, 1, 1, 9);
    expect(faults(verifier)).toEqual({ ...NONE, gaps: 1 });
  });

  it("owes nobody a message that was not acknowledged", () => {
    const verifier = new Verifier(1, 1, true);
    expect(faults(verifier)).toEqual(NONE);
  });
});
