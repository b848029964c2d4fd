/** A study of agreement for the terminal. */
import type { Proportion } from '../decision-counts.ts';
import type { AgreementStudy, AppraiserAgreement } from './agreement.ts';
import { cautionsOf, proofsOf } from './cautions.ts';
import type { Kappa } from './kappa.ts';
import { customaryLimits, gradeOf, type Limited } from './limits.ts';

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

function shareText({ value, count, total, interval }: Proportion): string {
  if (value === null || interval === null) return 'none to judge';
  return `${percent(value)} (${count} of ${total}; ${percent(interval.low)} to ${percent(interval.high)})`;
}

function kappaText(kappa: Kappa | null): string {
  if (kappa === null) return 'not defined: one word alone was said';
  if (kappa.interval === null) return `${kappa.value.toFixed(3)} (no interval: no disagreement was seen)`;
  return `${kappa.value.toFixed(3)} (${kappa.interval.low.toFixed(3)} to ${kappa.interval.high.toFixed(3)})`;
}

function graded(what: Limited, text: string, value: number | null): string {
  const grade = gradeOf(what, value);
  return grade === null ? text : `${text}: ${grade}`;
}

function appraiserLines(appraiser: AppraiserAgreement, confidence: number): string[] {
  const { name, within, against } = appraiser;
  const line = (label: string, text: string): string => `  ${label.padEnd(24)}${text}`;
  const proofs = proofsOf(appraiser, confidence);
  return [
    name,
    ...(within ? [line('agrees with itself', shareText(within.agreed)), line('  kappa', kappaText(within.kappa))] : []),
    ...(against
      ? [
          line('effectiveness', graded('effectiveness', shareText(against.effectiveness), against.effectiveness.value)),
          line('  kappa', kappaText(against.kappa)),
          line('miss rate', graded('miss', shareText(against.miss.decisions), against.miss.decisions.value)),
          line('  parts ever missed', shareText(against.miss.parts)),
          line(
            'false alarm rate',
            graded('falseAlarm', shareText(against.falseAlarm.decisions), against.falseAlarm.decisions.value),
          ),
          line('  parts ever kept out', shareText(against.falseAlarm.parts)),
          ...(against.limitSamples ? [line('limit samples right', shareText(against.limitSamples))] : []),
        ]
      : []),
    ...(proofs ? [`  ${proofs.miss.text}`, `  ${proofs.falseAlarm.text}`] : []),
  ];
}

/** The customary limits in a sentence. */
export function limitsText(): string {
  const each = Object.values(customaryLimits).map(
    ({ words, rising, acceptable, marginal }) =>
      `${words} ${rising ? '>=' : '<='} ${acceptable * 100} % acceptable, ${rising ? '>=' : '<='} ${marginal * 100} % marginal`,
  );
  return `Limits in use (AIAG; rules of thumb): ${each.join('; ')}.`;
}

/** Figures, what they prove, and what the study lacks. */
export function agreementText(study: AgreementStudy): string {
  const { parts, trials, appraisers, between, allAgainstReference, references, confidence } = study;
  const kinds = references ? ` (${references.good} good, ${references.defective} defective)` : '';
  return [
    `${parts} parts${kinds}, ${appraisers.length} appraiser${appraisers.length === 1 ? '' : 's'}, each part ${trials} time${trials === 1 ? '' : 's'}`,
    '',
    ...appraisers.flatMap((appraiser) => [...appraiserLines(appraiser, confidence), '']),
    ...(between
      ? [
          'Between appraisers',
          `  all agree             ${shareText(between.agreed)}`,
          `  kappa (Fleiss)        ${kappaText(between.kappa)}`,
          ...between.pairs.map(({ one, other, kappa }) => `  ${one} and ${other}: kappa (Cohen) ${kappaText(kappa)}`),
          ...(allAgainstReference ? [`  all are right         ${shareText(allAgainstReference)}`] : []),
          '',
        ]
      : []),
    ...(references ? [limitsText()] : []),
    ...cautionsOf(study).map((line) => `Note: ${line}`),
    `Intervals of ${confidence * 100} %: Clopper-Pearson of shares; of kappa by part.`,
  ].join('\n');
}
