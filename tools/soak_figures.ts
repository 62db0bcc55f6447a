// What a soak says between its processes, and the figures of its end.

export interface SoakJob {
  port: number;
  jwt: { secret: string; issuer: string; audience: string };
  conversationIds: string[];
  membersPerRoom: number;
  sendersPerRoom: number;
  perSecond: number;
  minutes: number;
  /** The first and the last so many minutes are compared. */
  comparedMinutes: number;
}

/** Milliseconds from the time a message was due until its sender had the acknowledgement. */
export interface Times {
  p50: number;
  p99: number;
  count: number;
}

/** Since the start; what must be zero. */
export interface SoakFaults {
  lost: number;
  doubled: number;
  reordered: number;
  gaps: number;
  refused: number;
}

/** A line from the people's process. */
export type SoakLine =
  | { connectedMs: number }
  | { minute: number; acknowledged: Times; deliveries: number; faults: SoakFaults }
  | { first: Times; last: Times; acknowledged: number; faults: SoakFaults }
  | { failed: string };

export interface Sample {
  /** Since the start. */
  hours: number;
  megabytes: number;
}

/** Least squares over the second half of the samples, in MB an hour; NaN where there are fewer than two. */
export function slopeMbPerHour(samples: readonly Sample[]): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (of: (sample: Sample) => number) => half.reduce((sum, sample) => sum + of(sample), 0) / half.length;
  const hours = mean((sample) => sample.hours);
  const megabytes = mean((sample) => sample.megabytes);
  return mean((sample) => (sample.hours - hours) * (sample.megabytes - megabytes)) /
    mean((sample) => (sample.hours - hours) ** 2);
}
