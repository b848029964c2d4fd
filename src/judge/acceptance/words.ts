/** An acceptance in sentences, for the report and the terminal. */
import type { Proportion } from '../decision-counts.ts';
import type { Acceptance, AcceptedRate, Finding } from './acceptance.ts';

const percent = (value: number): string => `${Number((value * 100).toPrecision(6))} %`;
const shortPercent = (value: number): string => `${(value * 100).toFixed(2)} %`;

/** Of each limit, and of the test as a whole. */
export const findingWords: Readonly<Record<Finding, { readonly limit: string; readonly test: string }>> = {
  shown: { limit: 'shown to be kept', test: 'Both limits are shown to be kept.' },
  open: { limit: 'not shown', test: 'The test does not show that both limits are kept.' },
  broken: { limit: 'broken', test: 'A limit is broken.' },
};

export function rateText({ value, count, total, interval }: Proportion): string {
  if (value === null || interval === null) return 'nothing to judge';
  return `${shortPercent(value)} (${count} of ${total}; ${shortPercent(interval.low)} to ${shortPercent(interval.high)})`;
}

/** How many parts show the limit, with so many wrong among them. */
export function neededText(part: string, { limit, needed }: AcceptedRate, confidence: number): string {
  const each = needed.map((parts, wrong) => `${parts} with ${wrong === 0 ? 'none' : wrong}`).join(', ');
  return `To show ${percent(limit)} with ${percent(confidence)} confidence takes, by ${part}s that go wrong: ${each}.`;
}

/** What a reader must know before believing the figures. */
export function acceptanceCautions({
  slip,
  limitSamples,
  review,
  notInspected,
  unsteady,
  presentations,
  parts,
  notes,
}: Acceptance): string[] {
  const lines = [...notes];
  if (!limitSamples)
    lines.push('Nobody said which parts are limit samples. Clear parts alone flatter every inspection.');
  else if (limitSamples.right.total === 0)
    lines.push('No part is a limit sample. Clear parts alone flatter every inspection.');
  if (slip.rate.total === 0) lines.push('There was no defective part, so nothing is known of slip.');
  if (presentations === parts) lines.push('Each part came once, so nothing is known of repeats.');
  if (review > 0)
    lines.push(`${review} presentations were for REVIEW. They count as kept out: a person must decide on each.`);
  if (notInspected > 0) lines.push(`${notInspected} presentations were not inspected. They count as kept out.`);
  if (unsteady.length > 0) lines.push(`Not always decided alike: ${unsteady.slice(0, 20).join(', ')}${unsteady.length > 20 ? ` and ${unsteady.length - 20} more` : ''}.`); // biome-ignore format: one line
  return lines;
}

export function acceptanceText(acceptance: Acceptance): string {
  const { inspector, parts, presentations, slip, pseudoReject, classes, limitSamples, finding, confidence } =
    acceptance;
  const line = (label: string, text: string): string => `  ${label.padEnd(24)}${text}`;
  return [
    `Acceptance of ${inspector}: ${parts} parts, ${presentations} presentations`,
    line('slip', `${rateText(slip.rate)}: ${findingWords[slip.finding].limit} (limit ${percent(slip.limit)})`),
    line(
      'pseudo-reject',
      `${rateText(pseudoReject.rate)}: ${findingWords[pseudoReject.finding].limit} (limit ${percent(pseudoReject.limit)})`,
    ),
    ...classes.map(({ name, right }) => line(`right, ${name}`, rateText(right))),
    ...(limitSamples
      ? [
          line('right, limit samples', rateText(limitSamples.right)),
          line('right, others', rateText(limitSamples.others)),
        ]
      : []),
    '',
    `  ${slip.proof.text}`,
    `  ${pseudoReject.proof.text}`,
    `  ${neededText('defective part', slip, confidence)}`,
    '',
    findingWords[finding].test,
    ...acceptanceCautions(acceptance).map((text) => `Note: ${text}`),
    `Intervals of ${percent(confidence)}, Clopper-Pearson; a part counts once.`,
  ].join('\n');
}
