/** Scores of good images (upwards) and defective images (downwards) as shares of their class, with the threshold. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { formatScore } from '../evaluation-table.ts';
import type { Scored } from './curve-chart.ts';
import { html, type Markup } from './html.ts';

export interface ScoreChartOptions {
  /** Unique within the page. */
  readonly id: string;
  /** Of the view box; small ones stand in rows of many. Default 440 x 270. */
  readonly width?: number;
  readonly height?: number;
  /** Such as the sequence. */
  readonly name?: string;
}

const margin = { left: 12, right: 12, top: 26, bottom: 44 };
const binCount = 36;

/** Logarithmic where a few positive scores would otherwise press all others into one bin. */
function axis(scores: readonly number[], threshold: number, width: number) {
  const values = [...scores, threshold].sort((a, b) => a - b);
  const [low, high] = [values[0]!, values.at(-1)!];
  const middle = values[Math.floor(values.length / 2)]!;
  const range: [number, number] = [margin.left, width - margin.right];
  if (low > 0 && high > 25 * middle) return { logarithmic: true, scale: scaleLog([low, high], range) };
  const pad = high === low ? 1 : 0;
  return { logarithmic: false, scale: scaleLinear([low - pad, high + pad], range).nice(8) };
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

/** As many ticks as their labels leave room for; with more digits where four would make neighbours look alike. */
function ticksOf({ logarithmic, scale }: ReturnType<typeof axis>): Tick[] {
  const [left, right] = scale.range() as [number, number];
  for (let count = 6; ; count--) {
    const own = scale.ticks(count);
    const values = logarithmic ? own.filter((value) => Number.isInteger(Math.log10(value))) : own;
    const short = values.map(formatScore);
    const labels = new Set(short).size === values.length ? short : values.map(scale.tickFormat(count));
    const longest = Math.max(...labels.map(({ length }) => length));
    if (count === 2 || values.length * (7 * longest + 10) <= right - left + 40) {
      return values.map((value, i) => ({ value, label: labels[i]! }));
    }
  }
}

export function scoreChart(
  { evaluation, labels, scores }: Omit<Scored, 'look'>,
  { id, width = 440, height = 270, name }: ScoreChartOptions,
): Markup {
  const { threshold, detector } = evaluation;
  const axisY = (margin.top + height - margin.bottom) / 2;
  const x = axis(scores, threshold, width);
  const { logarithmic, scale } = x;
  const [left, right] = scale.range() as [number, number];
  const step = (right - left) / binCount;
  const shares = [0, 1].map((label) => {
    const bins = new Array<number>(binCount).fill(0);
    const own = scores.filter((_, i) => labels[i] === label);
    for (const score of own) bins[Math.min(binCount - 1, Math.floor((scale(score) - left) / step))]! += 1 / own.length;
    return bins;
  });
  const tallest = Math.max(...shares.flat());
  const reach = axisY - margin.top - 4;
  const bars = shares.map((bins, label) =>
    bins.map((share, bin) => {
      if (share === 0) return null;
      const length = (share / tallest) * reach;
      const top = label === 0 ? axisY - length : axisY;
      return html`<rect class="${label === 0 ? 'good' : 'defective'}" x="${(left + bin * step + 0.5).toFixed(2)}" y="${top.toFixed(2)}" width="${(step - 1).toFixed(2)}" height="${length.toFixed(2)}"/>`;
    }),
  );
  const at = scale(threshold);
  const words = `threshold ${formatScore(threshold)}`;
  const anchor = at < width * 0.25 ? 'start' : at > width * 0.75 ? 'end' : 'middle';
  return html`<svg class="chart scores" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Scores of ${detector}${name !== undefined && `, ${name}`}: good above the line, defective below</title>
<desc id="${id}-desc">Each bar is the share of its class. ${evaluation.confusion.tp} of ${evaluation.defective} defective and ${evaluation.confusion.fp} of ${evaluation.good} good images lie at or above the ${words}.</desc>
${ticksOf(x).map(({ value, label }) => html`<line class="grid" x1="${scale(value).toFixed(2)}" x2="${scale(value).toFixed(2)}" y1="${margin.top}" y2="${height - margin.bottom}"/><text x="${scale(value).toFixed(2)}" y="${height - margin.bottom + 16}" text-anchor="middle">${label}</text>`)}
${bars}
<line class="axis" x1="${left}" x2="${right}" y1="${axisY}" y2="${axisY}"/>
<line class="threshold" x1="${at.toFixed(2)}" x2="${at.toFixed(2)}" y1="${margin.top - 6}" y2="${height - margin.bottom}"/>
<text class="name" x="${at.toFixed(2)}" y="13" text-anchor="${anchor}">${words}</text>
<text x="${width / 2}" y="${height - 6}" text-anchor="middle">Score, larger is worse${logarithmic && ' (logarithmic)'}</text>
</svg>`;
}

/** What the colours mean. */
export const scoreKey = html`<p class="muted key"><svg class="chart swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="good" width="12" height="12"/></svg> good, upwards <svg class="chart swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="defective" width="12" height="12"/></svg> defective, downwards</p>`;
