/** `felfri fuse`: a trained flow and a trained U-Net as one bundle, whose verdict says which of them it rests on. */
import { isDeepStrictEqual } from 'node:util';
import { readModel } from '../../bundle/content.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { writeModel } from '../../bundle/write.ts';
import { FelfriError } from '../../core/errors.ts';
import { type DataSet, dataSetHash } from '../../data/dataset.ts';
import type { Intake } from '../../data/image/intake.ts';
import type { Image, Pixels } from '../../data/image/raster.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import { type Split, splitHash } from '../../data/split.ts';
import { type Areas, areasOf, type Combination } from '../../detectors/fusion/combination.ts';
import { type FusionOptions, fusionInspection } from '../../detectors/fusion/inspection.ts';
import type { ScoreScale } from '../../detectors/fusion/scale.ts';
import { readForeignModel } from '../../engine/onnx/foreign-model.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { Inspector } from '../../inspect/inspector.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { sessionOptions } from '../../train/control.ts';
import type { RunDirectory } from '../../train/run-directory.ts';
import { requireFree } from '../bundles/free-folder.ts';
import { goldenImages } from '../bundles/golden-images.ts';
import { beginRun, judgeNewBundle, newManifest } from '../bundles/new-bundle.ts';
import { requireTrainedOn } from '../bundles/trained-on.ts';
import { requirePossibleRule } from '../judge/calibrate.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { type LeakGateOptions, passLeakGate } from '../judge/leak-gate.ts';
import { fusedOutput } from './golden.ts';
import { fusedPolicies } from './policies.ts';
import { betterAlone, type Measured, measureScales, type Opened } from './scales.ts';

export interface FusionRequest extends LeakGateOptions {
  /** Folders of the two bundles; both trained on `split`. */
  readonly flow: string;
  readonly unet: string;
  readonly dataSet: DataSet;
  readonly split: Split;
  /** The fused bundle's folder. */
  readonly output: string;
  /** Chosen by the AUROC on the calibration images when left out. */
  readonly combination?: Combination;
  /** As `calibrateBundle` takes them. */
  readonly rule?: ThresholdRule;
  readonly review?: ThresholdRule;
}

export interface Fusion extends JudgedBundle {
  readonly combination: Combination;
  /** AUROCs on the calibration and on the test images; null where those are of one kind only. */
  readonly areas: { readonly calibration: Areas | null; readonly test: Areas | null };
}

async function fusedDetector(directory: string, manifest: BundleManifest, scale: ScoreScale) {
  const { canvas, mapRange, mapUnit, pixels } = manifest;
  const bytes = await readModel(directory, manifest);
  return {
    model: readForeignModel(bytes, directory, ['map', 'score'], pixels ? 'deep pixels' : 'uint8'),
    canvas,
    mapRange,
    mapInScores: mapUnit === 'score',
    scale,
  };
}

/** Both models hold the range of deep pixels themselves. */
function exportFusion(options: FusionOptions, intake: Intake | undefined): Uint8Array<ArrayBuffer> {
  const pixels = createGraph().input('pixels', [-1, -1, 3], intake ? 'float32' : 'uint8');
  return toOnnx({ ...fusionInspection(pixels, options) });
}

interface FusedFacts {
  readonly measured: Measured;
  readonly dataHash: string;
  readonly leak: LeakVerdict;
}

/** What the network is made of, as the bundle's settings and the run's record say it. */
function settingsOf({ flow, unet }: Opened, { scales, combination, choice, setOn, areas }: Measured) {
  const factsOf = ({ manifest }: Inspector, scale: ScoreScale) => ({
    model: manifest.files['model.onnx'],
    scale,
    mapRange: manifest.mapRange,
    settings: manifest.settings,
  });
  return {
    detector: 'fusion',
    combination,
    choice,
    scales: setOn,
    calibrationAurocs: areas,
    flow: factsOf(flow, scales.flow),
    unet: factsOf(unet, scales.unet),
  };
}

function manifestOf(opened: Opened, split: Split, { measured, leak }: FusedFacts): Omit<BundleManifest, 'files'> {
  const [flow, unet] = [opened.flow.manifest, opened.unet.manifest];
  const seconds = ({ training }: BundleManifest): number => Number(training['seconds'] ?? 0);
  return newManifest({
    detector: 'fusion',
    // the map's
    canvas: unet.canvas,
    ...(unet.pixels && { pixels: unet.pixels }),
    ...(unet.regions && { regions: unet.regions }),
    settings: settingsOf(opened, measured),
    backbone: flow.backbone,
    ...(flow.mapUnit && unet.mapUnit && { mapUnit: 'score' as const }),
    data: {
      ...flow.data,
      splitHash: splitHash(split),
      // each learned from good images, so the larger set holds the smaller
      images: { ...flow.data.images, train: Math.max(flow.data.images.train, unet.data.images.train) },
      leak,
    },
    training: { seconds: seconds(flow) + seconds(unet), flow: flow.training, unet: unet.training },
  });
}

async function writeFusion(opened: Opened, request: FusionRequest, facts: FusedFacts): Promise<RunDirectory> {
  const { dataSet, split, output } = request;
  const { measured, dataHash, leak } = facts;
  const options: FusionOptions = {
    flow: await fusedDetector(request.flow, opened.flow.manifest, measured.scales.flow),
    unet: await fusedDetector(request.unet, opened.unet.manifest, measured.scales.unet),
    combination: measured.combination,
  };
  const intake = opened.unet.manifest.pixels;
  const manifest = manifestOf(opened, split, facts);
  const data = { name: dataSet.name, hash: dataHash, split: split.name, protocol: split.protocol };
  const run = await beginRun(output, { ...manifest.settings, data }, { software: manifest.software, leak });
  const golden = {
    images: await goldenImages(split, split.train, intake),
    expected: async (image: Image<Pixels>) =>
      fusedOutput(
        await opened.flow.inspectImage(image, 'golden'),
        await opened.unet.inspectImage(image, 'golden'),
        options,
      ),
  };
  await writeModel(output, exportFusion(options, intake), golden, manifest);
  return run;
}

/** Throws BUNDLE_MISMATCH unless both see the same values. */
function requireSameIntake({ flow, unet }: Opened): void {
  const told = ({ manifest: { pixels } }: Inspector): string =>
    pixels
      ? `${pixels.sample} from ${pixels.range.low} to ${pixels.range.high}, bands ${pixels.bands ?? 'all'}`
      : '8 bits';
  if (told(flow) === told(unet)) return;
  throw new FelfriError(
    'BUNDLE_MISMATCH',
    `the flow sees ${told(flow)}, the U-Net ${told(unet)}; legal is the same: train one of them anew with the other's --range and --bands`,
  );
}

/**
 * Throws BUNDLE_MISMATCH unless both judge the same places by one threshold: on the common scale of two scores a region's own is no longer so many
 * times the recipe's.
 */
function requireSameRegions({ flow, unet }: Opened): void {
  const [own, other] = [flow.manifest.regions, unet.manifest.regions];
  if (!isDeepStrictEqual(own, other)) {
    throw new FelfriError(
      'BUNDLE_MISMATCH',
      'the flow and the U-Net have different regions; legal are the same: train one of them anew with the --regions of the other',
    );
  }
  if (!own?.regions.some(({ tolerance = 1 }) => tolerance !== 1)) return;
  throw new FelfriError(
    'BUNDLE_MISMATCH',
    'regions with thresholds of their own cannot be fused; train both without tolerances',
  );
}

async function fuseOpened(opened: Opened, request: FusionRequest): Promise<Fusion> {
  const { dataSet, split, output } = request;
  request.onPhase?.('Hashing the images');
  const dataHash = await dataSetHash(dataSet);
  for (const detector of ['flow', 'unet'] as const) {
    const bundle = { directory: request[detector], manifest: opened[detector].manifest };
    await requireTrainedOn(bundle, detector, { dataHash, split });
  }
  requireSameIntake(opened);
  requireSameRegions(opened);
  const leak = await passLeakGate(split, request);
  const measured = await measureScales(opened, split, request.combination, request);
  const warning = betterAlone(measured);
  if (warning) request.onWarning?.(warning);
  request.onPhase?.('Writing the bundle');
  const run = await writeFusion(opened, request, { measured, dataHash, leak });
  const told = fusedPolicies(opened.flow.manifest, opened.unet.manifest);
  const judged = await judgeNewBundle({ ...request, ...told }, { output, run, leak }, () => ({}));
  const test = areasOf(
    judged.scored.flatMap(({ parts }) => parts ?? []),
    judged.scored.map(({ image }) => image.label === 'defective'),
  );
  return { ...judged, combination: measured.combination, areas: { calibration: measured.areas, test } };
}

/**
 * Fuses two trained bundles into one, calibrates and judges it. Both models are taken over as they are; what is chosen here (the two scales,
 * the combination, the threshold) is chosen on calibration images.
 *
 * Throws BUNDLE_INVALID or BUNDLE_GOLDEN for a bundle that does not open, OPTION_INVALID for one of the wrong detector, BUNDLE_MISMATCH
 * unless both were trained on this data and split, RUN_EXISTS, LEAK_FOUND, DATASET_TOO_SMALL below five good calibration images.
 */
export async function fuseBundles(request: FusionRequest): Promise<Fusion> {
  for (const rule of [request.rule, request.review]) requirePossibleRule(rule, request.split);
  await requireFree(request.output, request.dataSet);
  const session = sessionOptions(request);
  const flow = await Inspector.open(request.flow, session);
  try {
    const unet = await Inspector.open(request.unet, session);
    try {
      return await fuseOpened({ flow, unet }, request);
    } finally {
      await unet.close();
    }
  } finally {
    await flow.close();
  }
}
