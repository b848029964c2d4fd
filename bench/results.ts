/** What a benchmark run found, as bench/results/latest.json holds it, and what a row of the table makes of it. */

/** Numbers that one fresh process measured, by name. The names of step.ts are those of the peer's torch_speed.py. */
export type Measurement = Readonly<Record<string, number>>;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
}

export interface TaskResult {
  /** ISO 8601, UTC, when the task began. */
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  /** Cores that other work kept busy just before the first measurement, and just after the last. */
  readonly others: readonly [number, number];
  readonly seconds: number;
  /** In the order in which they were measured; `peer[i]` ran right after `own[i]`. */
  readonly own: readonly Measurement[];
  /** Empty when there was no peer, or none is needed. */
  readonly peer: readonly Measurement[];
  /** Why something is missing. */
  readonly problem?: string;
}

/** By the task's name. */
export type BenchResults = Readonly<Record<string, TaskResult>>;

export type Side = 'own' | 'peer';

/** Where a row takes one of its numbers from: a field of a measurement, or what is computed from it. */
export interface Figure {
  readonly side: Side;
  readonly of: (m: Measurement) => number | undefined;
}

export interface Row {
  readonly title: string;
  /** None where felfri cannot do it yet. */
  readonly task?: string;
  readonly ours: Figure;
  /** What ours is compared with; nothing where the aim is of ours alone. */
  readonly theirs?: Figure;
  readonly unit: 'seconds' | 'MB' | 'GFLOP/s' | 'parts a minute' | 'AUROC' | 'none';
  /** `quicker`: theirs over ours; `share`: ours over theirs; `itself`: ours. */
  readonly ratio: 'quicker' | 'share' | 'itself';
  readonly aim: { readonly least: number } | { readonly most: number };
  /** What limits it, and what would come next; by measurement. */
  readonly because?: string;
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

/** What a row's figure is in each measurement that has it. */
export function figures(result: TaskResult | undefined, figure: Figure | undefined): number[] {
  return (figure && result?.[figure.side].flatMap((m) => figure.of(m) ?? [])) ?? [];
}

/** A row's ratio in each pair of neighbouring measurements, so that a machine that slows down or speeds up changes both sides. */
export function ratios({ ours, theirs, ratio }: Row, result: TaskResult | undefined): number[] {
  if (!result) return [];
  if (ratio === 'itself' || !theirs) return figures(result, ours);
  return result.own.flatMap((_, i) => {
    const [own, other] = [ours, theirs].map((f) => {
      const measured = result[f.side][i];
      return measured && f.of(measured);
    });
    if (own === undefined || other === undefined) return [];
    return [ratio === 'quicker' ? other / own : own / other];
  });
}

export type Outcome = 'met' | 'missed' | 'not measured';

/** Whether the median of the ratios reaches the aim. */
export function outcome(row: Row, result: TaskResult | undefined): Outcome {
  const found = summarise(ratios(row, result));
  if (!found) return 'not measured';
  const reached = 'least' in row.aim ? found.median >= row.aim.least : found.median <= row.aim.most;
  return reached ? 'met' : 'missed';
}
