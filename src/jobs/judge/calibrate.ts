/** Setting a bundle's threshold by a rule, on images that were neither trained on nor will be judged on. */
import type { BundleManifest, BundlePixelThreshold, BundleThreshold } from '../../bundle/schema.ts';
import { amendBundle } from '../../bundle/write.ts';
import { FelfriError } from '../../core/errors.ts';
import { given } from '../../core/given.ts';
import { upperMedian } from '../../core/median.ts';
import { requireWritableFolder } from '../../core/outputs.ts';
import type { DataSet } from '../../data/dataset.ts';
import { calibrationImages, type Split } from '../../data/split.ts';
import { imageSizes } from '../../detectors/image-sizes.ts';
import { detectors } from '../../detectors/table.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { type PicturePolicy, requirePolicies } from '../../inspect/legal-input.ts';
import { largestFaults } from '../../judge/frame-fault.ts';
import { picturesSizes, unusualSizes } from '../../judge/picture-size.ts';
import { PixelHistogram } from '../../judge/pixel-histogram.ts';
import { type ChosenThreshold, chooseThreshold } from '../../judge/rules/choose.ts';
import { chooseLimits } from '../../judge/rules/limits.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { formatThresholdRule, requireLegalRule } from '../../judge/rules/text.ts';
import { type JobControl, sessionOptions } from '../../train/control.ts';
import { otherImages } from '../bundles/trained-on.ts';
import { labelled, type ScoredImage, scoreImages, unscored } from './scoring.ts';
import { storeScores } from './stored-scores.ts';

export interface CalibrationRequest extends JobControl {
  readonly bundle: string;
  readonly split: Split;
  /** The data set of the split, where it is to be compared with the one that the bundle was trained on. */
  readonly compared?: DataSet;
  /** Whether it is known that the bundle learned from none of the images that are to be scored. */
  readonly apart?: boolean;
  /** `defaultRules` says, where it is left out. */
  readonly rule?: ThresholdRule;
  /** A rule for the second, lower threshold, from which an image is for REVIEW; left out, there is one only where `rule` is left out too. */
  readonly review?: ThresholdRule;
  /** What pictures that show nothing are; left out, it stays as told before, or the good images say: 'judge' where at least a quarter of them look so. */
  readonly blank?: PicturePolicy;
  /** What pictures of quite another size than the training and calibration images are; left out, it stays as told before, or for REVIEW. */
  readonly otherSizes?: PicturePolicy;
}

export interface Calibration {
  readonly manifest: BundleManifest;
  readonly threshold: BundleThreshold;
  readonly scored: readonly ScoredImage[];
}

/**
 * Whether the rule can choose a threshold on the images that will set it, which their labels alone say: as many scores as there will be. Throws
 * what the rule would throw when all else is done: DATASET_TOO_SMALL or SCORES_INVALID.
 */
export function requirePossibleRule(rule: ThresholdRule | undefined, split: Split): void {
  if (!rule) return;
  requireLegalRule(rule);
  const labels = calibrationImages(split).images.map(({ label }) => (label === 'good' ? 0 : 1));
  chooseThreshold(rule, { scores: labels, labels });
}

/** Share of good images that show nothing from which that is the product, and no fault of the camera. */
const USUALLY_BLANK = 0.25;

/** Whether a picture that shows nothing is for REVIEW; says so where good images are such pictures, which may be a dead camera's. */
function blankPicturesOf(
  scored: readonly ScoredImage[],
  { blankPictures: former }: BundleManifest,
  { blank: asked, onWarning }: CalibrationRequest,
): NonNullable<BundleManifest['blankPictures']> {
  const told = asked ?? (former?.told ? former.policy : undefined);
  const good = scored.filter(({ image }) => image.label === 'good');
  const blank = good.filter((image) => image.blank);
  const policy = told ?? (blank.length > 0 && blank.length >= USUALLY_BLANK * good.length ? 'judge' : 'review');
  if (blank.length > 0) {
    const names = blank.slice(0, 3).map(({ image }) => image.name);
    onWarning?.(
      `${blank.length} of ${good.length} good images show nothing but one value (${names.join(', ')}${blank.length > 3 ? ', ...' : ''}): ` +
        `${policy === 'judge' ? 'such pictures will be judged like any other, so that a dead camera may be OK' : 'such pictures will be for REVIEW'}; felfri calibrate --blank says otherwise`,
    );
  }
  return { policy, blankGood: blank.length, good: good.length, told: told !== undefined };
}

/** The sizes of the training and calibration images: pictures of quite another one are not judged, unless a person says so. */
async function pictureSizesOf(
  split: Split,
  { pictureSizes: former }: BundleManifest,
  { otherSizes: asked, onWarning }: CalibrationRequest,
): Promise<BundleManifest['pictureSizes']> {
  const told = asked ?? (former?.told ? former.policy : undefined);
  const sizes = await imageSizes([...split.train, ...calibrationImages(split).images], Number.POSITIVE_INFINITY);
  const spans = picturesSizes(sizes);
  const odd = unusualSizes(sizes);
  if (odd.length > 0) {
    const names = odd.slice(0, 3).map(({ name, width, height }) => `${name} ${width} x ${height}`);
    onWarning?.(
      `${odd.length} of ${sizes.length} images are of quite another size than most (${names.join(', ')}${odd.length > 3 ? ', ...' : ''}): ` +
        'new pictures of such sizes will be judged; if these show no whole part, take them away and calibrate again',
    );
  }
  return spans ? { policy: told ?? 'review', told: told !== undefined, images: sizes.length, ...spans } : former;
}

/** What good pictures look like line by line, so that missing ones are noticed; as before where no good picture was scored. */
function frameFaultsOf(
  scored: readonly ScoredImage[],
  { frameFaults: former }: BundleManifest,
): BundleManifest['frameFaults'] {
  // one that shows nothing says nothing of the lines of those that do
  const good = scored.filter(({ image, blank }) => image.label === 'good' && !blank);
  const most = largestFaults(good.map(({ frame }) => frame));
  return most ? { images: good.length, ...most } : former;
}

/** Map values drawn as nothing and as full: the usual value of a good image, and twice its highest above that. */
function mapRangeOf(manifest: BundleManifest, scored: readonly ScoredImage[]): BundleManifest['mapRange'] {
  const { mapValues } = detectors[manifest.detector];
  if (mapValues === 'scaled') return manifest.mapRange;
  const good = scored.filter(({ image }) => image.label === 'good');
  if (good.length === 0) return manifest.mapRange;
  const high = upperMedian(good.map(({ map }) => map.high))!;
  const usual = upperMedian(good.map(({ map }) => map.median))!;
  // a probability: clear up to a little above what a good image usually has, whatever its few largest values are
  if (mapValues === 'probability') return { low: Math.min(usual + 0.1, 0.8), high: 0.95 };
  return { low: high, high: high + 2 * (high - usual) };
}

/** Share of the pixels of good images that the pixel threshold of a map of distances lets through where no mask says more. */
const GOOD_PIXELS_CALLED = 0.01;

/** Of probabilities it is 0.5, as in the paper. Another's is where Dice is highest on the calibration images, or a quantile of good ones. */
function pixelThresholdFrom(histogram: PixelHistogram | null, chosenOn: string): BundlePixelThreshold | undefined {
  if (histogram === null) {
    return { value: 0.5, statement: 'A probability of one half.', chosenOn: 'fixed beforehand' };
  }
  if (histogram.goodPixels === 0) return undefined;
  if (histogram.defectivePixels === 0) {
    const share = `${GOOD_PIXELS_CALLED * 100} %`;
    const statement = `The lowest map value that at most ${share} of the pixels of good images reach; there were no masks.`;
    return { value: histogram.goodQuantile(GOOD_PIXELS_CALLED), statement, chosenOn };
  }
  const { threshold, dice } = histogram.highestDice();
  const statement = `No other map value has a higher Dice on the images that it was chosen on (${dice.toFixed(3)}).`;
  return { value: threshold, statement, chosenOn };
}

/** A split-conformal bound supposes a score that was settled before; see docs/fusion.md for how near it comes. */
const sameGood =
  'The scales of the two scores were set on the same good parts, so the bound holds nearly, not exactly.';

/** Scores the calibration images, chooses the threshold and writes it into the bundle. */
export async function calibrateBundle(request: CalibrationRequest): Promise<Calibration> {
  const { bundle, split } = request;
  for (const asked of [request.rule, request.review]) if (asked) requireLegalRule(asked);
  requirePolicies({ blank: request.blank, otherSizes: request.otherSizes });
  // it is written at the end
  await requireWritableFolder(bundle);
  const { images, chosenOn } = calibrationImages(split);
  if (images.length === 0) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `the ${split.name} split has no images to set a threshold on; use folds`,
      { subject: bundle },
    );
  }
  const inspector = await Inspector.open(bundle, sessionOptions(request));
  try {
    const others = request.apart ? null : await otherImages(inspector.manifest, split, request.compared);
    if (others !== null) request.onWarning?.(others);
    request.onPhase?.('Setting the threshold');
    const { mapValues, parts } = detectors[inspector.manifest.detector];
    const histogram = mapValues === 'probability' ? null : new PixelHistogram();
    const scores = await scoreImages(inspector, images, request, histogram);
    const { scored } = scores;
    const nothing = unscored('any', images, scores) ?? unscored('good', images, scores);
    if (nothing !== null) {
      throw new FelfriError('DATASET_TOO_SMALL', `calibration: ${nothing}; the bundle is as it was`, {
        subject: bundle,
      });
    }
    const without = unscored('defective', images, scores);
    if (without !== null) request.onWarning?.(`calibration: ${without}; the threshold is set by good images alone`);
    const { ng, review, warnings } = chooseLimits(request, labelled(scored), split.protocol);
    for (const warning of warnings) request.onWarning?.(warning);
    const asStored = ({ threshold: value, rule, statement }: ChosenThreshold) => ({
      value,
      rule: formatThresholdRule(rule),
      statement: rule.kind === 'good-only' && parts.length > 0 ? `${statement} ${sameGood}` : statement,
    });
    const threshold: BundleThreshold = { ...asStored(ng), chosenOn, ...(review && { review: asStored(review) }) };
    const pixelThreshold = pixelThresholdFrom(histogram, chosenOn);
    const mapRange = mapRangeOf(inspector.manifest, scored);
    // an evaluation under another threshold is no longer true
    const blankPictures = blankPicturesOf(scored, inspector.manifest, request);
    const pictureSizes = await pictureSizesOf(split, inspector.manifest, request);
    const frameFaults = frameFaultsOf(scored, inspector.manifest);
    const change = {
      threshold,
      blankPictures,
      ...given({ pictureSizes, frameFaults, pixelThreshold }),
      mapRange,
      evaluation: null,
    };
    const manifest = await amendBundle(bundle, inspector.manifest, change);
    await storeScores(bundle, 'calibration', { manifest, split, scored });
    return { manifest, threshold, scored };
  } finally {
    await inspector.close();
  }
}
