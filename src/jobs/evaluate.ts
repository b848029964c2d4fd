/** Judging a bundle on test images by the threshold that it already has. */

import type { BundleManifest } from '../bundle/schema.ts';
import { amendBundle } from '../bundle/write.ts';
import { auroc } from '../core/auroc.ts';
import { FelfriError } from '../core/errors.ts';
import type { LeakVerdict } from '../data/leak/verdict.ts';
import type { Problem } from '../data/listing.ts';
import type { Split } from '../data/split.ts';
import { Inspector } from '../inspect/inspector.ts';
import { type Evaluation, type EvaluationInput, evaluate } from '../judge/evaluation.ts';
import { type PixelEvaluation, PixelMetrics } from '../judge/pixels.ts';
import { chooseThreshold } from '../judge/rules/choose.ts';
import { paperRule } from '../judge/rules/default.ts';
import { sessionOptions } from './events.ts';
import { type LeakGateOptions, passLeakGate } from './leak-gate.ts';
import { labelled, type ScoredImage, scoreImages } from './scoring.ts';
import { storeScores } from './stored-scores.ts';

export interface EvaluationRequest extends LeakGateOptions {
  readonly bundle: string;
  readonly split: Split;
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
  /** What was left out of training or judging, and why; of masks alone where `pixelsOnly` says so. */
  readonly leftOut: readonly Problem[];
  /** Median wall-clock milliseconds from pixels to decision. */
  readonly inspectionMilliseconds: number | null;
}

/** AUROC of plain mean brightness, in whichever direction it works better. */
function brightnessAuroc(scored: readonly ScoredImage[]): number {
  const area = auroc(
    scored.map((s) => s.brightness),
    scored.map((s) => s.image.label === 'defective'),
  );
  return Math.max(area, 1 - area);
}

function medianTime(scored: readonly ScoredImage[]): number | null {
  const times = scored.map((s) => s.milliseconds).sort((a, b) => a - b);
  return times[times.length >> 1] ?? null;
}

/** What a bundle's figures are made from, but for the threshold; null when the images are of one kind only. */
function judgable(
  manifest: BundleManifest,
  scored: readonly ScoredImage[],
): Omit<EvaluationInput, 'threshold' | 'chosenOn'> | null {
  const { labels, scores } = labelled(scored);
  if (!labels.includes(0) || !labels.includes(1)) return null;
  return {
    detector: manifest.detector === 'unet' ? 'U-Net' : manifest.detector,
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
  return detector === 'unet'
    ? { threshold: 0.5, chosenOn: 'fixed beforehand' }
    : { threshold: mapRange.low, chosenOn: 'calibration (median of the highest map values of good images)' };
}

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
    const leak = await passLeakGate(split, request);
    request.onPhase?.('Judging on the test images');
    const hasMasks = split.test.some((image) => image.mask);
    const metrics = hasMasks ? new PixelMetrics(pixelThresholdOf(manifest)) : null;
    const { scored, problems: leftOut } = await scoreImages(inspector, split.test, request, metrics);
    const pixels = metrics?.hasBoth ? metrics.result() : null;
    const input = judgable(manifest, scored);
    const evaluation =
      input &&
      evaluate({
        ...input,
        threshold: manifest.threshold.value,
        review: manifest.threshold.review?.value ?? null,
        chosenOn: split.protocol === 'paper' ? 'the evaluation set itself (paper protocol)' : 'calibration',
      });
    await storeScores(bundle, 'test', { manifest, split, scored });
    const stored = evaluation && { split: split.name, leak, ...evaluation, ...(pixels && { pixels }) };
    const next = stored ? await amendBundle(bundle, manifest, { evaluation: stored }) : manifest;
    const inspectionMilliseconds = medianTime(scored);
    return { bundle, manifest: next, evaluation, pixels, leak, scored, leftOut, inspectionMilliseconds };
  } finally {
    await inspector.close();
  }
}
