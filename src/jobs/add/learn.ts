/** The model of a bundle after more good photographs: closed forms, scale of the score and weights of its views. */

import { FelfriError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Intake } from '../../data/image/intake.ts';
import { takeImage } from '../../data/image/intake.ts';
import type { PartImage } from '../../data/part-image.ts';
import { addGood, type ClosedForms, type SeenForms, settleAgain } from '../../detectors/flow/add-good.ts';
import { encodeModel, type OnnxModel } from '../../engine/onnx/schema.ts';
import { withOutputs, withStates } from '../../engine/onnx/states.ts';
import { WorkerSession } from '../../engine/workers/remote.ts';
import { type JobControl, sessionOptions } from '../../train/control.ts';
import { pixelFeed } from '../../train/pixel-input.ts';

export interface Learned {
  readonly model: OnnxModel;
  /** How the views are weighed, in a sentence. */
  readonly statement: string;
}

export interface LearnFrom {
  readonly learned: readonly PartImage[];
  /** Good and defective; nothing is learned from them but scale and weights. */
  readonly calibration: readonly PartImage[];
  /** In words. */
  readonly chosenOn: string;
  readonly intake: Intake | undefined;
}

/** What is read within a model of each image that can be read. */
async function within<K extends string>(
  model: OnnxModel,
  names: Readonly<Partial<Record<K, string>>>,
  images: readonly PartImage[],
  intake: Intake | undefined,
  control: JobControl,
): Promise<{ image: PartImage; found: Partial<Record<K, Tensor>> }[]> {
  const { signal, onProgress } = control;
  const wanted = Object.entries(names) as [K, string][];
  const looking = withOutputs(
    model,
    wanted.map(([, name]) => name),
  );
  const session = await WorkerSession.create(encodeModel(looking), sessionOptions(control));
  const all: { image: PartImage; found: Partial<Record<K, Tensor>> }[] = [];
  try {
    for (const [i, image] of images.entries()) {
      if (signal?.aborted) throw new FelfriError('INTERRUPTED', 'stopped; nothing was written');
      const pixels = await takeImage(image.path, intake, image.raw).catch((error: unknown) => {
        if (error instanceof FelfriError) return null;
        throw error;
      });
      onProgress?.(i + 1, images.length);
      if (pixels === null) continue;
      const out = await session.run({ pixels: pixelFeed(pixels, intake?.range) });
      const found = Object.fromEntries(
        wanted.map(([key, name]) => [key, { shape: out[name]!.shape, data: Float32Array.from(out[name]!.data) }]),
      ) as Partial<Record<K, Tensor>>;
      all.push({ image, found });
    }
  } finally {
    await session.release();
  }
  return all;
}

/** Throws DATASET_TOO_SMALL where none of the images to learn from can be read. */
export async function learn(
  model: OnnxModel,
  forms: ClosedForms,
  { learned, calibration, chosenOn, intake }: LearnFrom,
  control: JobControl,
): Promise<Learned> {
  const { onPhase, onProgress } = control;
  onPhase?.('Looking at the new good images');
  const { place, whole, parts } = forms;
  const seen = await within(model, { ...(place && { place }), ...(whole && { whole }) }, learned, intake, control);
  if (seen.length === 0)
    throw new FelfriError('DATASET_TOO_SMALL', 'none of the new good images can be read; see felfri data check');
  onPhase?.('Estimating good parts anew');
  const states = await addGood(
    model,
    forms,
    seen.map(({ found }): SeenForms => found),
    onProgress,
  );
  const changed = withStates(model, states);
  onPhase?.('Setting the scale of the score');
  const scored = await within(changed, { parts }, calibration, intake, control);
  const of = (some: typeof scored): Tensor[] => some.map(({ found }) => found.parts!);
  const { states: scale, statement } = settleAgain(forms, of(scored.filter(({ image }) => image.label === 'good')), {
    parts: of(scored),
    defective: scored.map(({ image }) => image.label === 'defective'),
    of: chosenOn,
  });
  return { model: withStates(changed, scale), statement };
}
