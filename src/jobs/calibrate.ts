/** Setting a bundle's threshold by a rule, on images that were neither trained on nor will be judged on. */
import type { BundleManifest, BundleThreshold } from '../bundle/schema.ts';
import { amendBundle } from '../bundle/write.ts';
import { FelfriError } from '../core/errors.ts';
import type { PartImage } from '../data/dataset.ts';
import type { Split } from '../data/split.ts';
import { Inspector } from '../inspect/inspector.ts';
import { chooseThreshold, formatThresholdRule, parseThresholdRule, type ThresholdRule } from '../judge/thresholds.ts';
import type { JobControl } from './events.ts';
import { labelled, type ScoredImage, scoreImages } from './scoring.ts';

export interface CalibrationRequest extends JobControl {
  readonly bundle: string;
  readonly split: Split;
  /** accuracy, f1, recall=R, false-alarms=F, good-only=F; chosen by what the images allow when left out. */
  readonly rule?: string;
}

export interface Calibration {
  readonly manifest: BundleManifest;
  readonly threshold: BundleThreshold;
  readonly scored: readonly ScoredImage[];
}

/** The images that may set a threshold: the calibration part, or under the paper's protocol the evaluation set itself. */
export function calibrationImages(split: Split): { images: readonly PartImage[]; chosenOn: string } {
  if (split.protocol === 'paper') {
    return { images: split.test, chosenOn: `evaluation set itself, ${split.name} split (paper protocol)` };
  }
  return { images: split.calibration, chosenOn: `calibration part of ${split.name}` };
}

/** Highest accuracy where there are good and defective images; from good ones alone, at most 5 % false alarms or the least their number allows. */
function defaultRule(scored: readonly ScoredImage[]): ThresholdRule {
  const good = scored.filter(({ image }) => image.label === 'good').length;
  if (good > 0 && good < scored.length) return { kind: 'accuracy' };
  return { kind: 'good-only', atMost: Math.max(0.05, Math.ceil(1000 / (good + 1)) / 1000) };
}

/** Map values drawn as nothing and as full: the usual value of a good image, and twice its highest above that. */
function mapRangeOf(manifest: BundleManifest, scored: readonly ScoredImage[]): BundleManifest['mapRange'] {
  const good = scored.filter(({ image }) => image.label === 'good');
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  if (good.length === 0) return manifest.mapRange;
  const high = median(good.map(({ map }) => map.high));
  const usual = median(good.map(({ map }) => map.median));
  // a probability: clear up to a little above what a good image usually has, whatever its few largest values are
  if (manifest.detector === 'unet') return { low: Math.min(usual + 0.1, 0.8), high: 0.95 };
  return { low: high, high: high + 2 * (high - usual) };
}

/** Scores the calibration images, chooses the threshold and writes it into the bundle. */
export async function calibrateBundle(request: CalibrationRequest): Promise<Calibration> {
  const { bundle, split, threads } = request;
  const rule = request.rule === undefined ? undefined : parseThresholdRule(request.rule);
  const { images, chosenOn } = calibrationImages(split);
  if (images.length === 0) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `the ${split.name} split has no images to set a threshold on; use folds`,
      { subject: bundle },
    );
  }
  const inspector = await Inspector.open(bundle, threads === undefined ? {} : { threads });
  try {
    request.onPhase?.('Setting the threshold');
    const { scored } = await scoreImages(inspector, images, request);
    const chosen = chooseThreshold(rule ?? defaultRule(scored), labelled(scored));
    const threshold: BundleThreshold = {
      value: chosen.threshold,
      rule: formatThresholdRule(chosen.rule),
      statement: chosen.statement,
      chosenOn,
    };
    const mapRange = mapRangeOf(inspector.manifest, scored);
    // an evaluation under another threshold is no longer true
    const manifest = await amendBundle(bundle, inspector.manifest, { threshold, mapRange, evaluation: null });
    return { manifest, threshold, scored };
  } finally {
    await inspector.close();
  }
}
