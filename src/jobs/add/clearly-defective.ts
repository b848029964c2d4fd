/** Which of the photographs that are to be learned as good the bundle calls clearly defective. */
import { FelfriError } from '../../core/errors.ts';
import { upperMedian } from '../../core/median.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import type { JobControl } from '../../train/control.ts';
import { type ScoredImage, scoreImages } from '../judge/scoring.ts';
import { readStoredScores, type StoredScores } from '../judge/stored-scores.ts';

/** Fewer defective calibration images say nothing about what most defects score. */
const FEWEST = 5;

type Known = Pick<StoredScores['images'][number], 'label' | 'score'>;

/**
 * The score from which an image is clearly defective: what the middle one of the defective calibration images scores. Of fewer than five of
 * them: as far above the threshold as that is above the middle good one. Never below the threshold, since false alarms are what is to be learned.
 */
export function clearlyFrom(known: readonly Known[], threshold: number): number {
  const scores = (label: Known['label']): number[] => known.filter((k) => k.label === label).map(({ score }) => score);
  const [good, defective] = [scores('good'), scores('defective')];
  const middle = upperMedian(good) ?? 0;
  const from = defective.length >= FEWEST ? upperMedian(defective)! : 2 * threshold - middle;
  return Math.max(threshold, from);
}

async function calibrationScores(
  inspector: Inspector,
  bundle: string,
  images: readonly PartImage[],
  control: JobControl,
): Promise<readonly Known[]> {
  const stored = await readStoredScores(bundle, 'calibration').catch(() => undefined);
  if (stored && stored.model === inspector.manifest.files['model.onnx']) return stored.images;
  const { scored } = await scoreImages(inspector, images, control);
  return scored.map(({ image, score }) => ({ label: image.label, score }));
}

/** Those that are, most defective first. Throws BUNDLE_INVALID for a bundle without a threshold. */
export async function clearlyDefective(
  inspector: Inspector,
  bundle: string,
  { good, calibration }: { readonly good: readonly PartImage[]; readonly calibration: readonly PartImage[] },
  control: JobControl,
): Promise<ScoredImage[]> {
  const { threshold } = inspector.manifest;
  if (!threshold) {
    throw new FelfriError('BUNDLE_INVALID', `${bundle} has no threshold yet; run felfri calibrate first`, {
      subject: bundle,
    });
  }
  const from = clearlyFrom(await calibrationScores(inspector, bundle, calibration, control), threshold.value);
  const { scored } = await scoreImages(inspector, good, control);
  return scored.filter(({ score }) => score >= from).sort((a, b) => b.score - a.score);
}
