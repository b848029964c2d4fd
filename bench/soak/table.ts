/** A soak as a table: a row for each start of the station. */
import type { Kept } from './promises.ts';
import type { memoryOf } from './samples.ts';

export interface Span extends Kept, ReturnType<typeof memoryOf> {
  /** Of the run, at which it ended. */
  readonly minute: number;
  readonly decided: number;
  readonly sentAgain: number;
  /** Of what was decided when it was sent the first time, from when it was taken. */
  readonly latencyMillis: { readonly p50: number; readonly p99: number; readonly largest: number };
  /** How much the data folder grew. */
  readonly diskMegabytes: number;
  readonly logMegabytes: number;
  readonly load: number;
  /** From the kill at its end to the decision on an image that was taken since; null where it was not killed. */
  readonly recoveryMillis: number | null;
}

const heads = [
  'until minute',
  'decided',
  'sent again',
  'p50, p99, longest ms',
  'memory, most',
  'growth an hour',
  'open files',
  'disk',
  'back after the kill',
];

/** Memory and disk in 10^6 bytes. */
export function soakTable(spans: readonly Span[]): string {
  const rows = spans.map((span) => [
    span.minute,
    span.decided,
    span.sentAgain,
    `${span.latencyMillis.p50}, ${span.latencyMillis.p99}, ${span.latencyMillis.largest}`,
    `${span.megabytes}, ${span.mostMegabytes}`,
    span.megabytesAnHour,
    span.openFiles,
    span.diskMegabytes,
    span.recoveryMillis === null ? '' : `${(span.recoveryMillis / 1000).toFixed(1)} s`,
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
