/** What a bundle's stored decisions on test images prove of its rates. */
import type { Claim, Evidence } from '../../judge/proof-text.ts';
import { readStoredScores } from './stored-scores.ts';

/**
 * The test images that a claim is about. Found is a defective image that is not OK, so that REVIEW counts as found; a false alarm is a
 * good image that is NG. Throws BUNDLE_INVALID when the bundle was not evaluated.
 */
export async function evidenceOf(bundle: string, kind: Claim['kind']): Promise<Evidence> {
  const { images, protocol, review } = await readStoredScores(bundle, 'test');
  const own = images.filter(({ label }) => label === (kind === 'recall' ? 'defective' : 'good'));
  return {
    trials: own.length,
    failures: own.filter(({ decision }) => decision === (kind === 'recall' ? 'OK' : 'NG')).length,
    parts: new Set(own.map(({ partGroup }) => partGroup)).size,
    sawThreshold: protocol === 'paper',
    withReview: review !== null || own.some(({ decision }) => decision === 'REVIEW'),
  };
}
