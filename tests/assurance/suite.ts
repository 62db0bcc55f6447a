// What a suite of the proof is: tries something many times, and tells what broke a promise.

export interface SuiteOptions {
  /** The short form, for the gate. */
  quick: boolean;
  /** How many to try; the suite's own numbers when not given. */
  count?: number;
  /** The same seed tries the same. */
  seed?: number;
  /** How far it has come, for whoever waits. */
  report(line: string): void;
}

export interface Verdict {
  name: string;
  tried: number;
  /** One line each: what was tried, and what came of it. */
  violations: string[];
}

export interface Suite {
  name: string;
  run(options: SuiteOptions): Promise<Verdict>;
}
