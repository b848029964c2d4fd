/** The verdict in plain sentences: which detector is better, by how much, and whether that is more than uncertainty. */
import { bootstrapAurocDifference, type JudgedImages } from '../comparison-interval.ts';
import type { Interval } from '../intervals.ts';
import { percent, rate, signed } from './format.ts';

/** A detector's figures, means over its sequences where there are several. */
export interface Contender {
  /** As it stands in a sentence, such as 'U-Net'. */
  readonly name: string;
  readonly auroc: number;
  /** The interval of `auroc`, by part group. */
  readonly interval: Interval | null;
  readonly recall: number | null;
  readonly falseAlarmRate: number | null;
  /** AUC-ROC and judged images of each sequence, by the sequence's name. */
  readonly sequences: ReadonlyMap<string, { readonly auroc: number; readonly images: JudgedImages }>;
}

export interface Verdict {
  /** Whether a detector is better by more than its uncertainty; null where that cannot be said. */
  readonly clear: boolean | null;
  readonly sentences: readonly string[];
}

const the = ({ name }: Contender): string => `the ${name}`;
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** The first of several is named in full, the others by figures alone. */
function finding({ name, recall, falseAlarmRate }: Contender, i: number): string {
  const found = recall === null ? 'an unknown share' : percent(recall);
  const alarms = falseAlarmRate === null ? '' : ` with false alarms on ${percent(falseAlarmRate)}`;
  return i === 0
    ? `the ${name} finds ${found} of the defective images${alarms && `${alarms} of the good ones`}`
    : `the ${name} ${found}${alarms}`;
}

/** @param threshold where the thresholds came from, such as 'At the threshold chosen on calibration parts'. */
function practice(contenders: readonly Contender[], threshold: string): string {
  return `${threshold}, ${contenders.map(finding).join(', ')}.`;
}

function single(contender: Contender, threshold: string): Verdict {
  const { auroc, interval } = contender;
  const range = interval === null ? '' : ` (95\u00a0% interval ${rate(interval.low)} to ${rate(interval.high)})`;
  return {
    clear: null,
    sentences: [
      (interval?.low ?? auroc) > 0.5
        ? `${capital(the(contender))} tells defective from good images with an AUC-ROC of ${rate(auroc)}${range}.`
        : `${capital(the(contender))} is not shown to tell defective from good images better than chance: AUC-ROC ${rate(auroc)}${range}.`,
      practice([contender], threshold),
    ],
  };
}

/** Two sentences on two detectors, over the sequences that both have; without common ones, over all. */
function pair(one: Contender, other: Contender, threshold: string): Verdict {
  const common = [...one.sequences.keys()].filter((name) => other.sequences.has(name));
  const chosen = common.length > 0 ? common : null;
  const of = ({ sequences }: Contender) =>
    chosen === null ? [...sequences.values()] : chosen.map((name) => sequences.get(name)!);
  const mean = (contender: Contender) => {
    const all = of(contender);
    return all.reduce((sum, { auroc }) => sum + auroc, 0) / all.length;
  };
  const [better, worse] = mean(one) >= mean(other) ? [one, other] : [other, one];
  const [high, low] = [mean(better), mean(worse)];
  const range = bootstrapAurocDifference(
    of(better).map(({ images }) => images),
    of(worse).map(({ images }) => images),
  );
  const ahead = chosen?.filter((name) => better.sequences.get(name)!.auroc > worse.sequences.get(name)!.auroc).length;
  const count = chosen !== null && chosen.length > 1 ? `, ahead in ${ahead} of ${chosen.length} sequences` : '';
  const figures = `AUC-ROC ${rate(high)} against ${rate(low)}`;
  const second = practice([better, worse], threshold);
  if (range === null) {
    return {
      clear: null,
      sentences: [
        `${capital(the(better))} has the higher AUC-ROC, ${rate(high)} against ${rate(low)}${count}, but there are too few part groups to say how certain the difference of ${rate(high - low)} is.`,
        second,
      ],
    };
  }
  const words = `95\u00a0% interval ${signed(range.low)} to ${signed(range.high)} by part group${count}`;
  const clear = range.low > 0;
  return {
    clear,
    sentences: [
      clear
        ? `${capital(the(better))} tells defective from good images better than ${the(worse)}: ${figures}, and the difference of ${rate(high - low)} is larger than its uncertainty (${words}).`
        : `Neither detector is shown to be better: ${figures} (${the(better)} against ${the(worse)}), and the difference of ${rate(high - low)} is within its uncertainty (${words}).`,
      second,
    ],
  };
}

/** How a fusion stands beside the better of its two; nothing where it has no figures. */
export function joined(fusion: Contender | undefined, alone: readonly Contender[]): string[] {
  if (fusion === undefined) return [];
  const names = [...fusion.sequences.keys()];
  const mean = ({ sequences }: Contender): number =>
    names.reduce((sum, name) => sum + (sequences.get(name)?.auroc ?? Number.NaN), 0) / names.length;
  const better = alone.filter((one) => !Number.isNaN(mean(one))).sort((a, b) => mean(b) - mean(a))[0];
  const said = `Joined in one verdict (fusion) they reach an AUC-ROC of ${rate(fusion.auroc)}`;
  if (better === undefined) return [`${said}.`];
  const images = (contender: Contender) => names.map((name) => contender.sequences.get(name)!.images);
  const difference = mean(fusion) - mean(better);
  const range = bootstrapAurocDifference(images(fusion), images(better));
  const sure =
    range === null ? '' : `; 95\u00a0% interval of the difference ${signed(range.low)} to ${signed(range.high)}`;
  return [`${said}, ${signed(difference)} beside ${the(better)} alone${sure}.`];
}

/**
 * Two sentences: how well defective and good images are told apart, and what is found at the threshold. With one contender there is
 * nothing to compare, with more than two the two of highest AUC-ROC are compared. No sentence without a contender.
 */
export function verdict(contenders: readonly Contender[], threshold: string): Verdict {
  const [first, second] = [...contenders].sort((a, b) => b.auroc - a.auroc);
  if (first === undefined) return { clear: null, sentences: [] };
  return second === undefined ? single(first, threshold) : pair(first, second, threshold);
}
