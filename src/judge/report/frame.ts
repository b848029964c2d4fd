/** The frame of a chart: grid, tick labels and axis names around whatever is drawn in it. */
import type { ScaleContinuousNumeric } from 'd3-scale';
import { html, type Markup } from './html.ts';

export interface Axis {
  /** From data to pixels of the view box. */
  readonly scale: ScaleContinuousNumeric<number, number>;
  readonly ticks: readonly number[];
  /** With the unit, where there is one. */
  readonly name: string;
}

export interface Frame {
  /** Unique within the page. */
  readonly id: string;
  /** Such as `roc`; the chart's class. */
  readonly kind: string;
  readonly title: string;
  /** What a reader who cannot see the chart must know. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
}

const label = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: 3 });

export function drawFrame({ id, kind, title, description, width, height, x, y }: Frame, content: Markup): Markup {
  const [left, right] = x.scale.range() as [number, number];
  const [bottom, top] = y.scale.range() as [number, number];
  return html`<svg class="chart ${kind}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${x.ticks.map((t) => {
  const at = x.scale(t).toFixed(2);
  return html`<line class="grid" x1="${at}" x2="${at}" y1="${bottom}" y2="${top}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${label(t)}</text>`;
})}
${y.ticks.map((t) => {
  const at = y.scale(t);
  return html`<line class="grid" x1="${left}" x2="${right}" y1="${at.toFixed(2)}" y2="${at.toFixed(2)}"/><text x="${left - 8}" y="${(at + 4).toFixed(2)}" text-anchor="end">${label(t)}</text>`;
})}
<text x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">${x.name}</text>
<text transform="translate(16 ${(bottom + top) / 2}) rotate(-90)" text-anchor="middle">${y.name}</text>
${content}
</svg>`;
}
