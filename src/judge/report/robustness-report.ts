/** The report on how a bundle holds when its pictures are disturbed: a curve and a limit for each disturbance. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Proportion } from '../evaluation.ts';
import { type DegreeRates, type DisturbedRates, type Rates, toleranceText } from '../robustness.ts';
import { counted, proportionCell, rateCell } from './format.ts';
import { drawFrame } from './frame.ts';
import { html, type Markup } from './html.ts';
import { care, notes, renderPage, section } from './page.ts';
import { scrolling } from './tables.ts';

export interface RobustnessInput {
  readonly title: string;
  /** ISO 8601. */
  readonly created: string;
  readonly dataSet: { readonly name: string; readonly split: readonly string[] };
  readonly good: number;
  readonly defective: number;
  readonly parts: number;
  readonly plain: Rates;
  readonly disturbed: readonly (DisturbedRates & {
    readonly name: string;
    readonly title: string;
    /** What a degree is, with its unit. */
    readonly degree: string;
  })[];
  /** The command that gave it. */
  readonly command: string;
}

type Disturbed = RobustnessInput['disturbed'][number];

const width = 340;
const height = 260;
const margin = { left: 62, right: 14, top: 12, bottom: 46 };
const y = scaleLinear([0, 1], [height - margin.bottom, margin.top]);

/** What is drawn, each in its look of the style sheet. */
const curves = [
  { look: 'd0', name: 'AUC-ROC', of: (rates: Rates): number | null => rates.auroc?.value ?? null },
  { look: 'd1', name: 'defective that are not OK', of: (rates: Rates): number | null => rates.recall.value },
  { look: 'd2', name: 'good that are NG', of: (rates: Rates): number | null => rates.falseAlarmRate.value },
] as const;

const legend = html`<ul class="legend">${curves.map(
  ({ look, name }) =>
    html`<li class="${look}"><svg class="chart" viewBox="0 0 40 12" aria-hidden="true"><path class="curve" d="M0 6H40"/></svg><span>${name}</span></li>`,
)}</ul>`;

const heldTo = ({ limit, degree }: Disturbed): string =>
  limit === null ? 'does not hold at the mildest degree' : `holds to ${limit} (${degree})`;

function chart(disturbed: Disturbed, plain: Rates): Markup {
  const { name, title, degree, degrees } = disturbed;
  const points = [{ degree: 0, rates: plain }, ...degrees.map((rates) => ({ degree: rates.degree, rates }))];
  const x = scaleLinear([0, points.at(-1)!.degree], [margin.left, width - margin.right]);
  return drawFrame(
    {
      id: `disturbed-${name}`,
      kind: 'training',
      title: `${title}: rates by degree`,
      description: `It ${heldTo(disturbed)}.`,
      width,
      height,
      x: { scale: x, ticks: x.ticks(5), name: degree },
      y: { scale: y, ticks: [0, 0.25, 0.5, 0.75, 1], name: 'rate' },
    },
    html`${curves.map(({ look, of }) => {
      const known = points.flatMap(({ degree: at, rates }) => {
        const value = of(rates);
        return value === null ? [] : [[x(at), y(value)] as const];
      });
      if (known.length === 0) return null;
      const path = line<readonly [number, number]>().digits(2)(known.map(([a, b]) => [a, b]))!;
      return html`<g class="${look}"><path class="curve" d="${path}"/></g>`;
    })}`,
  );
}

const rateCells = ({ auroc, recall, falseAlarmRate, reviewRate }: Rates): Markup =>
  html`${rateCell(auroc?.value ?? null, auroc?.interval ?? null)}${[recall, falseAlarmRate, reviewRate].map((rate: Proportion) => proportionCell(rate))}`;

function row(rates: DegreeRates): Markup {
  return html`<tr><th scope="row">${rates.degree}<small>${rates.holds ? 'holds' : 'does not hold'}</small></th>${rateCells(rates)}</tr>`;
}

function table({ disturbed, plain }: RobustnessInput): Markup {
  const block = (one: Disturbed): Markup =>
    html`<tr class="block"><th scope="rowgroup" colspan="5">${one.title}<small>${one.degree}; ${heldTo(one)}</small></th></tr>
${one.degrees.map(row)}`;
  return scrolling(
    'All degrees',
    html`<table class="compact">
<caption>Beneath each figure its 95 % interval: bootstrap by part group for AUC-ROC, Clopper-Pearson for shares.</caption>
<thead><tr><th scope="col">Degree</th><th scope="col">AUC-ROC</th><th scope="col">Defective that are not OK</th><th scope="col">Good that are NG</th><th scope="col">Good for REVIEW</th></tr></thead>
<tbody><tr><th scope="row">undisturbed</th>${rateCells(plain)}</tr>
${disturbed.map(block)}</tbody></table>`,
  );
}

function limits({ disturbed }: RobustnessInput): Markup {
  return scrolling(
    'How far it holds',
    html`<table><thead><tr><th scope="col">Disturbance</th><th scope="col">It holds to</th><th scope="col">Strongest tried</th></tr></thead>
<tbody>${disturbed.map(
      ({ title, degree, limit, degrees }) =>
        html`<tr><th scope="row">${title}<small>${degree}</small></th><td><b>${limit ?? 'not even the mildest'}</b></td><td>${degrees.at(-1)!.degree}</td></tr>`,
    )}</tbody></table>`,
  );
}

/** One HTML file that needs no other. Deterministic: equal input gives equal text. Throws OPTION_INVALID when the date is none. */
export function renderRobustness(input: RobustnessInput): string {
  const { title, created, dataSet, good, defective, parts, disturbed, plain, command } = input;
  const images = `${counted(good, 'good image')} and ${counted(defective, 'defective image')} of ${counted(parts, 'part group')}`;
  return renderPage({
    title,
    subject: dataSet.name,
    created,
    sections: html`${section(
      'result',
      'How far it holds',
      html`<p>${images}, as they are and disturbed, judged by the thresholds of the bundle: ${toleranceText}.</p>
${limits(input)}
${care([
  'The disturbances are made from the images. A real lamp, lens or conveyor may differ: try those that matter on the line.',
])}`,
    )}
${section(
  'curves',
  'Rates by degree',
  html`${legend}<div class="multiples">${disturbed.map((one) => html`<div><p class="multiple-name">${one.title}</p>${chart(one, plain)}</div>`)}</div>`,
)}
${section('degrees', 'All degrees', table(input))}
${section(
  'provenance',
  'Provenance',
  html`${notes('Split', dataSet.split)}<h3>Command</h3><pre class="command">${command}</pre>`,
)}`,
  });
}
