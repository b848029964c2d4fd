/** Judging a bundle on test images by the threshold that it already has. */
import { join } from 'node:path';
import type { BundleManifest } from '../bundle/schema.ts';
import { amendBundle } from '../bundle/write.ts';
import { auroc } from '../core/auroc.ts';
import { FelfriError } from '../core/errors.ts';
import { writeJson } from '../core/files.ts';
import type { Split } from '../data/split.ts';
import { Inspector } from '../inspect/inspector.ts';
import { type Evaluation, evaluate } from '../judge/evaluation.ts';
import type { PixelEvaluation } from '../judge/pixels.ts';
import type { JobControl } from './events.ts';
import { labelled, type ScoredImage, scoreImages } from './scoring.ts';

export interface EvaluationRequest extends JobControl {
  readonly bundle: string;
  readonly split: Split;
}

export interface JudgedBundle {
  readonly bundle: string;
  readonly manifest: BundleManifest;
  /** Null when the test images are of one kind only, so that nothing can be judged. */
  readonly evaluation: Evaluation | null;
  readonly pixels: PixelEvaluation | null;
  readonly scored: readonly ScoredImage[];
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

/** Scores the test images, judges them, and stores figures in the bundle and single scores beside its run. */
export async function evaluateBundle(request: EvaluationRequest): Promise<JudgedBundle> {
  const { bundle, split, threads } = request;
  const inspector = await Inspector.open(bundle, threads === undefined ? {} : { threads });
  try {
    const { manifest } = inspector;
    if (!manifest.threshold) {
      throw new FelfriError('BUNDLE_INVALID', `${bundle} has no threshold yet; run felfri calibrate first`, {
        subject: bundle,
      });
    }
    request.onPhase?.('Judging on the test images');
    const { scored, pixels } = await scoreImages(inspector, split.test, request);
    const { labels, scores } = labelled(scored);
    const both = labels.includes(0) && labels.includes(1);
    const evaluation = both
      ? evaluate({
          detector: manifest.detector === 'flow' ? 'flow' : 'U-Net',
          labels,
          scores,
          classNames: scored.map((s) => s.image.className),
          partGroups: scored.map((s) => s.image.partGroup),
          threshold: manifest.threshold.value,
          chosenOn: split.protocol === 'paper' ? 'the evaluation set itself (paper protocol)' : 'calibration',
          brightnessAuroc: brightnessAuroc(scored),
        })
      : null;
    await writeJson(join(bundle, 'run', 'test-scores.json'), {
      split: split.name,
      threshold: manifest.threshold.value,
      images: scored.map(({ image, score }) => ({
        name: image.name,
        class: image.className,
        partGroup: image.partGroup,
        score,
      })),
    });
    const stored = evaluation && { split: split.name, ...evaluation, ...(pixels && { pixels }) };
    const next = stored ? await amendBundle(bundle, manifest, { evaluation: stored }) : manifest;
    return { bundle, manifest: next, evaluation, pixels, scored, inspectionMilliseconds: medianTime(scored) };
  } finally {
    await inspector.close();
  }
}
