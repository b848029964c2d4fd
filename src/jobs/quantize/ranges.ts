/** Which values the tensors of a network take on images: what its 8 bits must span. */
import { FelfriError } from '../../core/errors.ts';
import { spread } from '../../core/spread.ts';
import { type Intake, takeImage } from '../../data/image/intake.ts';
import type { PartImage } from '../../data/part-image.ts';
import { measuredTensors } from '../../engine/onnx/quantization-plan.ts';
import { encodeModel, type OnnxModel } from '../../engine/onnx/schema.ts';
import { rangesIn, type ValueRange, withRanges } from '../../engine/onnx/value-ranges.ts';
import { WorkerSession } from '../../engine/workers/remote.ts';
import { type JobControl, sessionOptions } from '../../train/control.ts';
import { pixelFeed } from '../../train/pixel-input.ts';

/** Images that ranges are measured on: more change them little. */
const MOST_IMAGES = 100;

/** Smallest and largest value of each tensor that `quantise` asks for, over the images. Throws INTERRUPTED, DATASET_TOO_SMALL. */
export async function measureRanges(
  model: OnnxModel,
  images: readonly PartImage[],
  intake: Intake | undefined,
  control: JobControl,
): Promise<{ ranges: Map<string, ValueRange>; images: number }> {
  const { signal, onProgress, onProblem } = control;
  const tensors = measuredTensors(model);
  const ranges = new Map<string, ValueRange>();
  const session = await WorkerSession.create(encodeModel(withRanges(model, tensors)), sessionOptions(control));
  let seen = 0;
  try {
    const chosen = spread(images, MOST_IMAGES);
    for (const [i, { path, name, raw }] of chosen.entries()) {
      if (signal?.aborted) throw new FelfriError('INTERRUPTED', 'stopped; nothing was written');
      try {
        const fetched = await session.run({ pixels: pixelFeed(await takeImage(path, intake, raw), intake?.range) });
        for (const [tensor, { low, high }] of rangesIn(fetched, tensors)) {
          const known = ranges.get(tensor) ?? { low, high };
          ranges.set(tensor, { low: Math.min(known.low, low), high: Math.max(known.high, high) });
        }
        seen++;
      } catch (error) {
        if (!(error instanceof FelfriError)) throw error;
        onProblem?.({ name, code: error.code, message: error.message });
      }
      onProgress?.(i + 1, chosen.length);
    }
  } finally {
    await session.release();
  }
  if (seen > 0) return { ranges, images: seen };
  throw new FelfriError(
    'DATASET_TOO_SMALL',
    'no calibration image can be read, so there is nothing to measure ranges on',
  );
}
