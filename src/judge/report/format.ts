/** Figures as a reader wants them: rates in three digits with their interval beneath, times in fitting units. */
import type { Proportion } from '../evaluation.ts';
import type { Interval } from '../intervals.ts';
import { html, type Markup } from './html.ts';

export function rate(value: number): string {
  return value.toFixed(3);
}

export function interval(range: Interval | null): string | null {
  return range === null ? null : `${rate(range.low)} to ${rate(range.high)}`;
}

/** A table cell: the figure, its interval beneath. */
export function rateCell(value: number | null, range: Interval | null): Markup {
  if (value === null) return html`<td class="figure"><span class="muted">none called</span></td>`;
  const text = interval(range);
  return html`<td class="figure"><b>${rate(value)}</b>${text !== null && html`<small>${text}</small>`}</td>`;
}

export function proportionCell(proportion: Proportion): Markup {
  return rateCell(proportion.value, proportion.interval);
}

/** `count` things, in words that agree in number. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toPrecision(3).replace(/\.0+$/, '')} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds) % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A share of many, such as '91 %'; with a digit more where it is small or nearly all. */
export function percent(value: number): string {
  const digits = (value > 0 && value < 0.1) || (value > 0.9 && value < 1) ? 1 : 0;
  return `${(100 * value).toFixed(digits)}\u00a0%`;
}

/** In three digits, with a true minus sign. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${rate(Math.abs(value))}`;
}
