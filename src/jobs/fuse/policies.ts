/** What a fusion is told of pictures that its two bundles leave to a person: it judges only what both of them judge. */
import type { BundleManifest } from '../../bundle/schema.ts';
import type { PicturePolicy } from '../../inspect/legal-input.ts';

interface Told {
  readonly policy: PicturePolicy;
  /** Whether a person said so. */
  readonly told: boolean;
}

/**
 * What is said of the fusion: nothing where nobody said anything of either and both do alike, since its own images then say it, as they did there.
 * A bundle of before there was such a policy leaves it to the other one.
 */
function strictest(flow: Told | undefined, unet: Told | undefined): PicturePolicy | undefined {
  const both = [flow, unet].filter((policy) => policy !== undefined);
  const review = both.some(({ policy }) => policy === 'review');
  if (!both.some(({ told }) => told) && (!review || both.every(({ policy }) => policy === 'review'))) return undefined;
  return review ? 'review' : 'judge';
}

/** As `calibrateBundle` takes them; each is absent where the images are to say it. */
export function fusedPolicies(
  flow: Pick<BundleManifest, 'blankPictures' | 'pictureSizes'>,
  unet: Pick<BundleManifest, 'blankPictures' | 'pictureSizes'>,
): { readonly blank?: PicturePolicy; readonly otherSizes?: PicturePolicy } {
  const blank = strictest(flow.blankPictures, unet.blankPictures);
  const otherSizes = strictest(flow.pictureSizes, unet.pictureSizes);
  return { ...(blank && { blank }), ...(otherSizes && { otherSizes }) };
}
