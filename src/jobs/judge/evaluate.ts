/** Judging a bundle on test images by the threshold that it already has. */

import type { BundleManifest } from '../../bundle/schema.ts';
import { amendBundle } from '../../bundle/write.ts';
import { aurocEitherWay } from '../../core/auroc.ts';
import { FelfriError } from '../../core/errors.ts';
import { upperMedian } from '../../core/median.ts';
import type { DataSet } from '../../data/dataset.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Problem } from '../../data/listing.ts';
import type { Split } from '../../data/split.ts';
import { detectors } from '../../detectors/table.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { type Evaluation, type EvaluationInput, evaluate } from '../../judge/evaluation.ts';
import { OutlineMetrics } from '../../judge/outlines.ts';
import { type PixelEvaluation, PixelMetrics } from '../../judge/pixels.ts';
import { chooseThreshold } from '../../judge/rules/choose.ts';
import { paperRule } from '../../judge/rules/default.ts';
import { sessionOptions } from '../../train/control.ts';
import { otherImages } from '../bundles/trained-on.ts';
import { type LeakGateOptions, passLeakGate } from './leak-gate.ts';
import { labelled, type PixelSink, type ScoredImage, scoreImages, unscored } from './scoring.ts';
import { storeScores } from './stored-scores.ts';

export interface EvaluationRequest extends LeakGateOptions {
  readonly bundle: string;
  readonly split: Split;
  /** As of a calibration. */
  readonly compared?: DataSet;
  readonly apart?: boolean;
}

export interface JudgedBundle {
  readonly bundle: string;
  readonly manifest: BundleManifest;
  /** Null when the test images are of one kind only, so that nothing can be judged. */
  readonly evaluation: Evaluation | null;
  readonly pixels: PixelEvaluation | null;
  /** What the leak check says of the split that was judged on; null for a bundle read back from an earlier sitting. */
  readonly leak: LeakVerdict | null;
  readonly scored: readonly ScoredImage[];
  /** Why no image of a kind was judged, though the split has some; null where none is missing. */
  readonly missing: string | null;
  /** What was left out of training or judging, and why; of masks alone where `pixelsOnly` says so. */
  readonly leftOut: readonly Problem[];
  /** Median wall-clock milliseconds from pixels to decision. */
  readonly inspectionMilliseconds: number | null;
}

/** AUROC of plain mean brightness, in whichever direction it works better. */
function brightnessAuroc(scored: readonly ScoredImage[]): number {
  return aurocEitherWay(
    scored.map((s) => s.brightness),
    scored.map((s) => s.image.label === 'defective'),
  );
}

/** What a bundle's figures are made from, but for the threshold; null when the images are of one kind only. */
function judgable(
  manifest: BundleManifest,
  scored: readonly ScoredImage[],
): Omit<EvaluationInput, 'threshold' | 'chosenOn'> | null {
  const { labels, scores } = labelled(scored);
  if (!labels.includes(0) || !labels.includes(1)) return null;
  return {
    detector: detectors[manifest.detector].title,
    labels,
    scores,
    classNames: scored.map((s) => s.image.className),
    partGroups: scored.map((s) => s.image.partGroup),
    brightnessAuroc: brightnessAuroc(scored),
  };
}

/**
 * The same scores judged as the paper does: by the threshold of highest accuracy on the judged images themselves, which promises nothing
 * for other parts. Null when the images are of one kind only. The bundle is left as it is.
 */
export function paperEvaluation({ manifest, scored }: Pick<JudgedBundle, 'manifest' | 'scored'>): Evaluation | null {
  const input = judgable(manifest, scored);
  if (input === null) return null;
  const { threshold } = chooseThreshold(paperRule, input);
  return evaluate({ ...input, threshold, chosenOn: 'the evaluation set itself (paper protocol)' });
}

/**
 * The threshold of Dice that a bundle brings along. Bundles of schema version 1 have none: a U-Net's is 0.5 as in the paper, a flow's
 * the value from which its heat map is drawn, which was chosen on the calibration images.
 */
function pixelThresholdOf({ detector, pixelThreshold, mapRange }: BundleManifest): {
  threshold: number;
  chosenOn: string;
} {
  if (pixelThreshold) return { threshold: pixelThreshold.value, chosenOn: pixelThreshold.chosenOn };
  return detectors[detector].mapValues === 'probability'
    ? { threshold: 0.5, chosenOn: 'fixed beforehand' }
    : { threshold: mapRange.low, chosenOn: 'calibration (median of the highest map values of good images)' };
}

/** Which test images are for REVIEW whatever their score, in a sentence; null where none is. */
function picturesForReview(scored: readonly ScoredImage[]): string | null {
  const reviewed = scored.filter(({ picture }) => picture);
  const first = reviewed[0];
  if (!first) return null;
  return (
    `${reviewed.length} of ${scored.length} test images are for REVIEW whatever their score, and count so (${first.image.name}: ${first.picture}); ` +
    'felfri calibrate with --blank judge or --other-sizes judge lets such pictures be judged'
  );
}

const bothOf = (metrics: PixelMetrics, outlines: OutlineMetrics | null): PixelSink => ({
  add(map, mask, width, score) {
    metrics.add(map, mask, width);
    outlines?.add(map, mask, score);
  },
});

/** Scores the test images, judges them, and stores figures in the bundle and single scores beside its run. */
export async function evaluateBundle(request: EvaluationRequest): Promise<JudgedBundle> {
  const { bundle, split } = request;
  const inspector = await Inspector.open(bundle, sessionOptions(request));
  try {
    const { manifest } = inspector;
    if (!manifest.threshold) {
      throw new FelfriError('BUNDLE_INVALID', `${bundle} has no threshold yet; run felfri calibrate first`, {
        subject: bundle,
      });
    }
    const others = request.apart ? null : await otherImages(manifest, split, request.compared);
    if (others !== null) request.onWarning?.(others);
    const limit = manifest.threshold.value;
    const leak = await passLeakGate(split, request);
    request.onPhase?.('Judging on the test images');
    const hasMasks = split.test.some((image) => image.mask);
    const metrics = hasMasks ? new PixelMetrics(pixelThresholdOf(manifest)) : null;
    const outlines = manifest.mapUnit && limit > 0 ? new OutlineMetrics(limit) : null;
    const scores = await scoreImages(inspector, split.test, request, metrics && bothOf(metrics, outlines));
    const { scored, problems: leftOut } = scores;
    const missing =
      unscored('any', split.test, scores) ??
      unscored('defective', split.test, scores) ??
      unscored('good', split.test, scores);
    const pixels = metrics?.hasBoth ? { ...metrics.result(), ...(outlines && { outlines: outlines.result() }) } : null;
    const input = judgable(manifest, scored);
    const evaluation =
      input &&
      evaluate({
        ...input,
        threshold: limit,
        ofPicture: scored.map(({ picture }) => Boolean(picture)),
        review: manifest.threshold.review?.value ?? null,
        chosenOn: split.protocol === 'paper' ? 'the evaluation set itself (paper protocol)' : 'calibration',
      });
    const reviewed = picturesForReview(scored);
    if (reviewed !== null) request.onWarning?.(reviewed);
    // what an earlier evaluation found stays where this one found nothing
    if (scored.length > 0) await storeScores(bundle, 'test', { manifest, split, scored });
    const stored = evaluation && { split: split.name, leak, ...evaluation, ...(pixels && { pixels }) };
    const next = stored ? await amendBundle(bundle, manifest, { evaluation: stored }) : manifest;
    const inspectionMilliseconds = upperMedian(scored.map((s) => s.milliseconds)) ?? null;
    return { bundle, manifest: next, evaluation, pixels, leak, scored, missing, leftOut, inspectionMilliseconds };
  } finally {
    await inspector.close();
  }
}
