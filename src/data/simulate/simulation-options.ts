/** What every simulated data set is asked for. */
import { FelfriError } from '../../core/errors.ts';
import { checkCounts } from './defect-plan.ts';

export interface SimulationOptions {
  /** A folder that does not exist yet, or is empty. */
  readonly outDir: string;
  readonly seed: number;
  /** Number of parts; each is one part group. */
  readonly parts: number;
  readonly imagesPerPart: number;
  /** Side of the square images in pixels. */
  readonly size?: number;
  /** Share of the images that show a defect, 0..1. */
  readonly defectiveShare: number;
  /** Divides the contrast of defects and multiplies that of harmless blemishes: 0.25 (easy) to 4 (hard). Default 1. */
  readonly difficulty?: number;
  /** Called after each image. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it throws INTERRUPTED before the next part. */
  readonly signal?: AbortSignal;
}

/** Throws OPTION_INVALID for the first illegal option. Sizes are whole multiples of `sizeStep`. */
export function checkSimulationOptions(options: SimulationOptions, { sizeStep }: { sizeStep: number }): void {
  checkCounts(options);
  const { size, difficulty } = options;
  if (size !== undefined && !(size % sizeStep === 0 && size >= 64 && size <= 2048)) {
    const legal = `a whole multiple of ${sizeStep} from 64 to 2048 pixels`;
    throw new FelfriError('OPTION_INVALID', `size is ${size}; it must be ${legal}`, { subject: 'size' });
  }
  if (difficulty !== undefined && !(difficulty >= 0.25 && difficulty <= 4)) {
    throw new FelfriError('OPTION_INVALID', `difficulty is ${difficulty}; it must be from 0.25 (easy) to 4 (hard)`, {
      subject: 'difficulty',
    });
  }
}
