/** What a benchmark run found, as bench/results/latest.json holds it. */

/** One fresh process: the fields that step.ts and the peer's torch_speed.py print. */
export interface Measurement {
  readonly parameters?: number;
  readonly train_step_s?: number;
  readonly inference_s?: number;
  readonly peak_rss_mb: number;
}

export const timings = ['train_step_s', 'inference_s'] as const;

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly arguments: readonly string[];
  /** In the order in which they were measured; `peer[i]` ran right after `own[i]`. */
  readonly own: readonly Measurement[];
  /** Empty when there was no peer. */
  readonly peer: readonly Measurement[];
}

export interface BenchResults {
  /** ISO 8601, UTC, when the run began. */
  readonly date: string;
  readonly quick: boolean;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly platform: string;
    /** Load average of the last minute before the first measurement. */
    readonly loadBefore: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly cases: readonly CaseResult[];
}

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly largest: number;
}

/** Median, least and largest of some numbers; undefined of none. */
export function summarise(numbers: readonly number[]): Summary | undefined {
  if (numbers.length === 0) return undefined;
  const sorted = [...numbers].sort((a, b) => a - b);
  const n = sorted.length;
  const median = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.ceil((n - 1) / 2)]!) / 2;
  return { median, least: sorted[0]!, largest: sorted[n - 1]! };
}

/** The peer's time divided by ours, for each pair of neighbouring runs: above 1, felfri is the faster. */
export function speedRatios({ own, peer }: CaseResult, timing: (typeof timings)[number]): number[] {
  return peer.flatMap((theirs, i) => {
    const ours = own[i]?.[timing];
    const other = theirs[timing];
    return ours === undefined || other === undefined ? [] : [other / ours];
  });
}
