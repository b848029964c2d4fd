/** `felfri demo`: the whole way on simulated parts, in a few minutes and without any file from outside. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { writeFileAtomic, writeJson } from '../core/files.ts';
import { recogniseDataSet } from '../data/dataset.ts';
import { encodePng } from '../data/image/encode.ts';
import type { Image } from '../data/image/raster.ts';
import { simulateRingFaces } from '../data/simulate/bearing-ring/ring-faces.ts';
import { simulatePart } from '../data/simulate/bearing-ring/simulate-part.ts';
import { foldSplit } from '../data/split.ts';
import { type OptionsOf, settingsOf } from '../detectors/table.ts';
import { type Inspection, Inspector } from '../inspect/inspector.ts';
import type { JobControl } from '../train/control.ts';
import type { JudgedBundle } from './judge/evaluate.ts';
import { writeReport } from './judge/report.ts';
import { trainDetector } from './train/train-detector.ts';

export interface DemoRequest extends JobControl {
  /** Made if absent; an earlier demo's folder is replaced, any other content refused. */
  readonly output: string;
  readonly seed: number;
  /** Every step on fewer and smaller images, an epoch each: in half a minute, and the detectors learn little. */
  readonly small?: boolean;
}

/** What of a demo is smaller when it is to be quick. */
const sizes: Readonly<
  Record<
    'usual' | 'small',
    { parts: number; imagesPerPart: number; side: number; flow: OptionsOf<'flow'>; unet: OptionsOf<'unet'> }
  >
> = {
  usual: { parts: 50, imagesPerPart: 8, side: 256, flow: {}, unet: {} },
  small: {
    parts: 15,
    imagesPerPart: 4,
    side: 96,
    flow: { epochs: 1, size: 96 },
    unet: { epochs: 1, size: 96, patch: 64, tile: 64 },
  },
};

export interface DemoResult {
  readonly detectors: readonly JudgedBundle[];
  readonly report: string;
  /** The new part, with its true class, as both detectors see it. */
  readonly newPart: {
    readonly className: string;
    readonly image: string;
    readonly inspections: readonly NewPartInspection[];
  };
}

interface NewPartInspection {
  readonly detector: string;
  readonly inspection: Inspection;
  readonly heatMap: string;
}

/** Defects twice as clear as the simulator's usual: what a few minutes of training can learn to see. */
const DIFFICULTY = 0.5;

/** Smaller than by the preset, since a demo is watched; the same on every machine, whatever weights are there. */
const flowOptions: OptionsOf<'flow'> = {
  backbone: 'wavelet',
  epochs: 8,
  hidden: 32,
  start: 'whitened',
  noise: 0,
  gamma: 0,
  schedule: 'constant',
  score: 'max',
  cache: false,
};
const unetOptions: OptionsOf<'unet'> = {
  epochs: 4,
  base: 8,
  size: 256,
  fit: 'stretch',
  tile: 128,
  overlap: 0.5,
  mostPerImage: 'all',
  leastSteps: 0,
};

/** What says that a folder was made by a demo and may be replaced by the next. */
const MARK = 'felfri-demo.json';

/** All that a demo writes. */
const ownNames = [
  MARK,
  'simulated-rings',
  'flow',
  'unet',
  'report.html',
  'new-part.png',
  'new-part-flow.png',
  'new-part-unet.png',
];

async function prepareFolder(output: string): Promise<void> {
  const names = await readdir(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new FelfriError('RUN_EXISTS', `${output} is no folder that can be written; give another with -o`, {
      subject: output,
    });
  });
  if (names.length > 0 && !(names as string[]).includes(MARK)) {
    throw new FelfriError('RUN_EXISTS', `${output} holds files that no demo wrote; give another folder with -o`, {
      subject: output,
    });
  }
  // what else lies there is not the demo's to remove
  for (const name of ownNames) await rm(join(output, name), { recursive: true, force: true });
  await writeJson(join(output, MARK), { madeBy: 'felfri demo' });
}

function rgb({ width, height, image }: { width: number; height: number; image: Uint8Array }): Image {
  const data = new Uint8Array(image.length * 3);
  image.forEach((v, i) => {
    data.fill(v, i * 3, i * 3 + 3);
  });
  return { width, height, channels: 3, data };
}

/** One part that neither detector has seen: simulated from another seed, decided on by the bundles just written. */
async function inspectNewPart(
  output: string,
  bundles: readonly JudgedBundle[],
  seed: number,
): Promise<DemoResult['newPart']> {
  const className = 'scratch';
  const part = rgb(simulatePart(seed + 1_000_003, { part: 0, image: 0, className, difficulty: DIFFICULTY }));
  const path = join(output, 'new-part.png');
  await writeFileAtomic(path, await encodePng(part));
  const inspections: NewPartInspection[] = [];
  for (const { bundle, manifest } of bundles) {
    const inspector = await Inspector.open(bundle);
    try {
      const inspection = await inspector.inspect(path);
      const heatMap = join(output, `new-part-${manifest.detector}.png`);
      await writeFileAtomic(heatMap, await inspector.heatMap(part, inspection));
      inspections.push({ detector: manifest.detector, inspection, heatMap });
    } finally {
      await inspector.close();
    }
  }
  return { className, image: path, inspections };
}

/** Simulates bearing-ring faces, trains flow and U-Net, judges both, writes the report and inspects a new part. */
export async function runDemo(request: DemoRequest): Promise<DemoResult> {
  const { output, seed, small = false } = request;
  const { parts, imagesPerPart, side, flow: ofFlow, unet: ofUnet } = sizes[small ? 'small' : 'usual'];
  await prepareFolder(output);
  request.onPhase?.('Simulating bearing-ring faces');
  const data = join(output, 'simulated-rings');
  await simulateRingFaces({
    outDir: data,
    seed,
    parts,
    imagesPerPart,
    size: side,
    defectiveShare: 0.4,
    difficulty: DIFFICULTY,
    ...(request.onProgress && { onProgress: request.onProgress }),
  });
  const dataSet = await recogniseDataSet(data);
  const split = foldSplit(dataSet, 0);
  const common = { ...request, dataSet, split, resume: false };
  const flow = await trainDetector('flow', {
    ...common,
    ...(await settingsOf('flow', { ...flowOptions, ...ofFlow }, 'line')),
    onPhase: (name) => request.onPhase?.(`Flow: ${name}`),
    output: join(output, 'flow'),
  });
  const unet = await trainDetector('unet', {
    ...common,
    ...(await settingsOf('unet', { ...unetOptions, ...ofUnet }, 'line')),
    ...(flow.leak && { leak: flow.leak }),
    onPhase: (name) => request.onPhase?.(`U-Net: ${name}`),
    output: join(output, 'unet'),
  });
  request.onPhase?.('Writing the report');
  const report = join(output, 'report.html');
  await writeReport(report, {
    title: 'felfri demo: simulated bearing rings',
    dataSet,
    split,
    bundles: [unet, flow],
    leak: flow.leak?.statement,
  });
  request.onPhase?.('Inspecting a new part');
  return { detectors: [unet, flow], report, newPart: await inspectNewPart(output, [unet, flow], seed) };
}
