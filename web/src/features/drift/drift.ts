/** What is watched for drift, and reference parts: what is asked of the station, and how a chart lies. Knows no browser. */
import type {
  DriftChannel,
  DriftMonitor,
  NewReference,
  ReferencePart,
} from '../../../../src/station/contract/drift.ts';
import { call, named, response } from '../../api/client.ts';

export type { DriftChannel, DriftMonitor, ReferencePart } from '../../../../src/station/contract/drift.ts';

export const getDrift = (signal?: AbortSignal) => call('getDrift', { signal });

export const resetDrift = (id: string, what: 'acknowledge' | 'learn', by: string, note: string) =>
  call('resetDrift', { params: { id }, body: { what, ...named(by), ...(note && { note }) } });

export const addReference = ({ part, by = '', ...stated }: NewReference) =>
  call('addReference', { body: { ...stated, ...(part && { part }), ...named(by) } });

export const removeReference = (id: string, by: string) =>
  response('removeReference', { params: { id }, query: named(by) });

/** What a channel is said to do, and how it looks. */
export function stateOf(
  monitor: DriftMonitor,
  { ofLimit, drift }: DriftChannel,
): { readonly text: string; readonly style: string } {
  if (monitor.learned < monitor.learnsFrom) return { text: 'learning', style: 'soft' };
  if (drift) return drift.acknowledged ? { text: 'drifts, known', style: 'review' } : { text: 'drifts', style: 'bad' };
  if (ofLimit === null) return { text: 'wanders too much to be watched', style: 'soft' };
  return { text: 'as learned', style: 'good' };
}

/** Points of a line over the chart's width, in 0..100 of it and -1.5..1.5 of the limit. */
export function lineOf({ points }: DriftMonitor, channel: number): string {
  const at = (i: number): number => (points.length < 2 ? 100 : (100 * i) / (points.length - 1));
  const cut = (value: number): number => Math.max(-1.45, Math.min(1.45, value));
  return points.map(({ ofLimit }, i) => `${at(i).toFixed(2)},${(-cut(ofLimit[channel] ?? 0)).toFixed(3)}`).join(' ');
}

export interface ReferenceDot {
  readonly id: string;
  /** 0..100 from the left and from the top. */
  readonly x: number;
  readonly y: number;
  readonly wrong: boolean;
}

/** A chart of scores over presentations, with the lines of the limits from the top. */
export function chartOf({ presentations, limits }: ReferencePart): {
  readonly dots: readonly ReferenceDot[];
  readonly lines: readonly number[];
} {
  const all = [...presentations.map(({ score }) => score), ...(limits ? [limits.low, limits.high] : [])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (score: number): number => (high === low ? 50 : 92 - (84 * (score - low)) / (high - low));
  const x = (i: number): number => (100 * (i + 0.5)) / Math.max(10, presentations.length);
  return {
    dots: presentations.map(({ inspection, score, wrong }, i) => ({
      id: inspection,
      x: x(i),
      y: y(score),
      wrong: wrong !== null,
    })),
    lines: limits ? [y(limits.low), y(limits.high)] : [],
  };
}
