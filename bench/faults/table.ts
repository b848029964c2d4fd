/** What became of each kind of fault. */

/** A line of a run's log. */
export interface Suffered {
  readonly index: number;
  readonly at: string;
  readonly kind: string;
  /** Milliseconds from the end of the fault to the first image that was sent after it and recorded; null where none was. */
  readonly recovery: number | null;
  /** Answers of /ready that came while nothing could be recorded. */
  readonly readyAsked: number;
  /** Those of them that said ready, in vain. */
  readonly readyInVain: number;
  /** Ends of the station that nobody asked for. */
  readonly unasked: number;
}

export function faultTable(all: readonly Suffered[]) {
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const own = all.filter((one) => one.kind === kind);
    const times = own.map(({ recovery }) => recovery ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
    return { kind, faults: own.length, recoveryMillis: { p50: at(0.5), p95: at(0.95), largest: times.at(-1)! } };
  });
}
