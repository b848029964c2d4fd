/** The images that a bundle carries as its proof. */
import { FelfriError } from '../../core/errors.ts';
import { type Intake, takeImage } from '../../data/image/intake.ts';
import type { Image, Pixels } from '../../data/image/raster.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Split } from '../../data/split.ts';

/** How many golden images a bundle carries: enough to notice a wrong model, little to replay at every start. */
const GOLDEN_IMAGES = 2;

/** Images of the calibration part, else of training, that can be read. */
export async function goldenImages(
  { calibration }: Split,
  trainedOn: readonly PartImage[],
  intake: Intake | undefined,
): Promise<Image<Pixels>[]> {
  const candidates = [
    calibration.find((i) => i.label === 'defective'),
    calibration.find((i) => i.label === 'good'),
    ...trainedOn.slice(0, 20),
  ];
  const images: Image<Pixels>[] = [];
  for (const candidate of candidates) {
    if (!candidate || images.length === GOLDEN_IMAGES) continue;
    try {
      images.push(await takeImage(candidate.path, intake));
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  return images;
}
