/** Writing a bundle: the trained network as one model with constant weights, golden outputs of the network before the export. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, sha256, writeFileAtomic, writeJson } from '../core/files.ts';
import { writeSafetensors } from '../core/safetensors.ts';
import type { NamedTensors } from '../core/tensor.ts';
import { encodeLossless } from '../data/image/encode.ts';
import type { Intake } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import type { InspectionBuilder } from '../detectors/detector.ts';
import { toOnnx } from '../engine/onnx/writer.ts';
import { createGraph } from '../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters } from '../engine/parameters.ts';
import { WorkerSession } from '../engine/workers/remote.ts';
import { pixelInput } from '../train/pixel-input.ts';
import { writeCard } from './card/write.ts';
import { detect } from './detect.ts';
import { type DetectorOutput, goldenTensors } from './golden.ts';
import { type BundleManifest, SCHEMA_VERSION } from './schema.ts';

export interface TrainedDetector {
  /** The way from pixels to score map and score. */
  readonly inspection: InspectionBuilder;
  readonly weights: NamedTensors;
  /** How pixels are taken from files; as 8 bits unless told. */
  readonly intake?: Intake;
}

/** The deployable model: pixels (H, W, 3) in, uint8 or by an intake float32; `map` (1, 1, h, w) and `score` () out; weights are constants. */
export function exportModel({ inspection, weights, intake }: TrainedDetector): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const pixels = pixelInput(graph, intake?.range);
  return toOnnx({ ...inspection(pixels, new FixedParameters(graph, weights)) });
}

/** The same way with weights as inputs, as during training. */
function trainingModel({ inspection, intake }: TrainedDetector): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const pixels = pixelInput(graph, intake?.range);
  return toOnnx({ ...inspection(pixels, new DeclaredParameters(graph, false)) });
}

/**
 * Writes a trained network as a bundle. The golden outputs come from the graph with weights as inputs, not from the exported model:
 * opening the bundle compares the two.
 */
export async function writeBundle(
  directory: string,
  detector: TrainedDetector,
  golden: readonly Image<Pixels>[],
  manifest: Omit<BundleManifest, 'files'>,
): Promise<void> {
  const session = await WorkerSession.create(trainingModel(detector));
  const expected = (image: Image<Pixels>): Promise<DetectorOutput> =>
    detect(session, image, { weights: Object.fromEntries(detector.weights), intake: manifest.pixels });
  try {
    await writeModel(directory, exportModel(detector), { images: golden, expected }, manifest);
  } finally {
    await session.release();
  }
}

export interface GoldenImages {
  readonly images: readonly Image<Pixels>[];
  /** What the model must give for them, found in another way than by running the model. */
  readonly expected: (image: Image<Pixels>) => Promise<DetectorOutput>;
}

/** Writes model, golden images, model card and, last, bundle.json, so that a bundle cut off in the middle is no bundle. */
export async function writeModel(
  directory: string,
  model: Uint8Array,
  golden: GoldenImages,
  manifest: Omit<BundleManifest, 'files'>,
): Promise<void> {
  await makeFolder(join(directory, 'golden'));
  const files: Record<string, string> = {};
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    await writeFileAtomic(join(directory, name), bytes);
    files[name] = sha256(bytes);
  };
  await write('model.onnx', model);
  const outputs: NamedTensors = new Map();
  for (const [i, image] of golden.images.entries()) {
    for (const [name, tensor] of goldenTensors(i, await golden.expected(image))) outputs.set(name, tensor);
    const { ending, bytes } = await encodeLossless(image);
    await write(`golden/${i}${ending}`, bytes);
  }
  const path = join(directory, 'golden', 'outputs.safetensors');
  await writeSafetensors(path, outputs);
  files['golden/outputs.safetensors'] = sha256(await readFile(path));
  await writeCard(directory, { ...manifest, files });
  await writeJson(join(directory, 'bundle.json'), { ...manifest, files });
}

/** Replaces facts in bundle.json that are not part of the model: thresholds, evaluation, map range. The result is of the present schema version. */
export async function amendBundle(
  directory: string,
  manifest: BundleManifest,
  change: Partial<
    Pick<
      BundleManifest,
      'threshold' | 'pixelThreshold' | 'blankPictures' | 'pictureSizes' | 'frameFaults' | 'evaluation' | 'mapRange'
    >
  >,
): Promise<BundleManifest> {
  const next: BundleManifest = { ...manifest, ...change, schema: SCHEMA_VERSION };
  await writeJson(join(directory, 'bundle.json'), next);
  await writeCard(directory, next);
  return next;
}
