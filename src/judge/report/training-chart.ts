/** Figure 1: the flow's AUC-ROC along its training, a thin trace per sequence and their mean in bold, the U-Net's as a line. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { CurvePoint, ProtocolResult } from '../comparison.ts';
import { summarise } from '../comparison-summary.ts';
import { counted, rate } from './format.ts';
import { drawFrame } from './frame.ts';
import { html, type Markup } from './html.ts';

const width = 520;
const height = 360;
const margin = { left: 62, right: 26, top: 14, bottom: 46 };

/** The mean at every step that all traces have a point at, so that it never jumps because a trace ends. */
export function meanTrace(traces: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  const [first = [], ...others] = traces.map((points) => new Map(points.map(({ step, auroc }) => [step, auroc])));
  return [...first].flatMap(([step, auroc]) => {
    const rest = others.map((points) => points.get(step));
    if (rest.includes(undefined)) return [];
    return [{ step, auroc: (rest as number[]).reduce((a, b) => a + b, auroc) / traces.length }];
  });
}

/** The lowest tenth that leaves room beneath every value; never above 0.9, never beneath 0. */
function floorOf(values: readonly number[]): number {
  return Math.max(0, Math.min(0.9, Math.floor(Math.min(...values) * 10 - 0.2) / 10));
}

/** Null when no sequence has a curve. @param id unique within the page. */
export function trainingChart({ flow, unet, split }: ProtocolResult, id: string): Markup | null {
  const traces = flow.map(({ curve }) => curve).filter((points) => points.length > 0);
  if (traces.length === 0) return null;
  const areas = (sequences: ProtocolResult['flow']) => summarise(sequences.map((s) => s.evaluation.auroc.value));
  const unetArea = areas(unet);
  const brightness = summarise((flow.length > 0 ? flow : unet).map((s) => s.evaluation.brightnessAuroc));
  const lines = [
    unetArea && { kind: 'd0', value: unetArea.mean, text: `U-Net ${rate(unetArea.mean)}` },
    brightness && { kind: 'baseline', value: brightness.mean, text: `mean brightness ${rate(brightness.mean)}` },
  ].filter((entry) => entry !== null);
  const points = traces.flat();
  const low = floorOf([...points.map(({ auroc }) => auroc), ...lines.map(({ value }) => value)]);
  const steps = points.map(({ step }) => step);
  const x = scaleLinear([Math.min(0, ...steps), Math.max(...steps)], [margin.left, width - margin.right]);
  const y = scaleLinear([low, 1], [height - margin.bottom, margin.top]);
  const path = line<CurvePoint>(
    ({ step }) => x(step),
    ({ auroc }) => y(auroc),
  ).digits(2);
  const mean = meanTrace(traces);
  const last = mean.at(-1);
  const end = last && `; the mean ends at ${rate(last.auroc)} after ${counted(last.step, 'batch', 'batches')}`;
  return drawFrame(
    {
      id,
      kind: 'training',
      title: `Figure 1: AUC-ROC of the flow along its training, ${split}`,
      description: `${counted(traces.length, 'sequence')}${end ?? ''}. ${lines.map(({ text }) => `Line: ${text}.`).join(' ')} The vertical axis begins at ${low}.`,
      width,
      height,
      x: { scale: x, ticks: x.ticks(6), name: 'Batches of training' },
      y: { scale: y, ticks: y.ticks(6), name: 'AUC-ROC of the judged images' },
    },
    html`${lines.map(({ kind, value, text }) => {
      const at = y(value);
      // above the line, or beneath it where it runs along the top
      const words = (at - 6 < margin.top + 10 ? at + 15 : at - 6).toFixed(2);
      return html`<g class="${kind}"><line class="level" x1="${margin.left}" x2="${width - margin.right}" y1="${at.toFixed(2)}" y2="${at.toFixed(2)}"/><text class="level-name" x="${width - margin.right - 4}" y="${words}" text-anchor="end">${text}</text></g>`;
    })}
<g class="d1">${traces.map((trace) => html`<path class="trace" d="${path(trace)!}"/>`)}
${mean.length > 0 && html`<path class="mean" d="${path(mean)!}"/>`}</g>`,
  );
}

/** What the lines of Figure 1 mean. */
export function trainingLegend(withUnet: boolean): Markup {
  const entry = (look: string, kind: string, text: string) =>
    html`<li class="${look}"><svg class="chart" viewBox="0 0 40 12" aria-hidden="true"><path class="${kind}" d="M0 6H40"/></svg><span>${text}</span></li>`;
  return html`<ul class="legend">${entry('d1', 'trace', 'flow, one sequence')}${entry('d1', 'mean', 'flow, mean of the sequences')}${withUnet && entry('d0', 'level', 'U-Net, mean of the sequences after training')}${entry('baseline', 'level', 'mean brightness, no detector')}</ul>`;
}
