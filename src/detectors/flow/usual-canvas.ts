/** The canvas of a flow where none is asked for: candidates by the images' sizes, tried on calibration images by closed forms. */
import { auroc } from '../../core/auroc.ts';
import type { NamedTensors, Tensor } from '../../core/tensor.ts';
import type { PartImage } from '../../data/part-image.ts';
import { calibrationImages } from '../../data/split.ts';
import { add, mul, reduceMean, reshape } from '../../engine/builders.ts';
import { maximumOfFinite } from '../../engine/functions.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import type { Canvas } from '../../train/canvas.ts';
import { sessionOptions } from '../../train/control.ts';
import { cellsOf } from '../../train/judged-area.ts';
import { FeatureExtractor } from '../backbones/feature-extractor.ts';
import { imageSizes } from '../image-sizes.ts';
import type { LearningData, LearningRequest } from '../learning.ts';
import { lookingAt } from '../looking-at.ts';
import { bySizes, byTrials, type CanvasTrial, type ChosenCanvas, suitableCanvases } from './canvases.ts';
import { SCALES } from './config.ts';
import { judgedPositions } from './judged-positions.ts';
import { estimatePrincipal, toPrincipal } from './principal.ts';
import type { FlowSettings } from './settings.ts';
import { estimateWhole, wholeTexture } from './whole.ts';

type FlowRequest = LearningRequest & FlowSettings;

/** Images of a trial: good ones to learn from, and good and defective ones to judge. */
const LEARNED = 64;
const JUDGED = 40;

/** Fewer good or defective images to judge say too little. */
const FEWEST = 5;

/** At most `count` of the items, from all over the list. */
const some = <T>(items: readonly T[], count: number): T[] =>
  items.filter(
    (_, i) =>
      Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length) || items.length <= count,
  );

/** Of each map (C, h, w): the largest mean square over the principal directions, and how unusual the texture as a whole is. */
async function closedForms(
  maps: readonly Tensor[],
  start: NamedTensors,
): Promise<{ largest: number[]; whole: number[] }> {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const graph = createGraph();
  const p = new FixedParameters(graph, start);
  const { all } = toPrincipal(graph.input('x', [1, c, h, w]), c, p);
  const largest = maximumOfFinite(reduceMean(mul(all, all), [1], true), [1, 2, 3]);
  const session = await Session.create(toOnnx({ largest, whole: reshape(add(wholeTexture(all, p), 0), [1]) }));
  const found = { largest: [] as number[], whole: [] as number[] };
  try {
    for (const { data } of maps) {
      const out = await session.run({ x: { shape: [1, c, h, w], data } });
      found.largest.push(out['largest']!.data[0]!);
      found.whole.push(out['whole']!.data[0]!);
    }
  } finally {
    await session.release();
  }
  return found;
}

interface TrialImages {
  readonly learned: readonly PartImage[];
  readonly judged: readonly PartImage[];
}

/** Scores of the judged images that can be read, by the better of two closed forms; undefined for the others. */
async function tried(canvas: Canvas, { learned, judged }: TrialImages, request: FlowRequest, data: LearningData) {
  const { backbone, cacheDirectory, signal, onProgress } = request;
  const looked = lookingAt(canvas, data.regions);
  const extractor = await FeatureExtractor.create({
    backbone,
    canvas: looked,
    scales: 1,
    ...(data.intake && { intake: data.intake }),
    ...sessionOptions(request),
  });
  try {
    const options = {
      ...(cacheDirectory !== undefined && { cacheDirectory }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    };
    const { maps } = await extractor.extract([...learned, ...judged], options);
    const [, height, width] = extractor.shapes[0] as [number, number, number];
    const cells = cellsOf(looked, { height, width });
    const read = (from: number, to: number) =>
      maps.slice(from, to).map((image) => image?.[0] && judgedPositions(image[0], cells));
    const good = read(0, learned.length).flatMap((map) => map ?? []);
    if (good.length === 0) return judged.map(() => undefined);
    const start = await estimatePrincipal(good);
    const all = read(learned.length, maps.length);
    const whole = await estimateWhole(good, start);
    const present = all.flatMap((map) => map ?? []);
    if (present.length === 0) return judged.map(() => undefined);
    const { largest, whole: texture } = await closedForms(present, new Map([...start, ...whole]));
    const defective = judged.filter((_, i) => all[i]).map(({ label }) => label === 'defective');
    const both = defective.includes(true) && defective.includes(false);
    const scores = both && auroc(texture, defective) > auroc(largest, defective) ? texture : largest;
    let at = 0;
    return all.map((map) => (map ? scores[at++] : undefined));
  } finally {
    await extractor.release();
  }
}

/** The canvas, and why it was chosen. Under the paper's protocol nothing is tried, since the images to try on are those that are judged. */
export async function usualCanvas(request: FlowRequest, data: LearningData): Promise<ChosenCanvas> {
  const { backbone, split } = request;
  const sizes = await imageSizes(data.images);
  const { images, chosenOn } = calibrationImages(split);
  const floats = (backbone.channels / backbone.stride ** 2) * (data.images.length + images.length);
  const canvases = suitableCanvases(sizes, { unit: backbone.stride * 2 ** (SCALES - 1), bytesPerPixel: 4 * floats });
  const of = (label: PartImage['label']): PartImage[] =>
    some(
      images.filter((image) => image.label === label),
      JUDGED,
    );
  const [good, defective] = [of('good'), of('defective')];
  if (canvases.length === 1 || split.protocol === 'paper' || Math.min(good.length, defective.length) < FEWEST) {
    return bySizes(canvases, sizes);
  }
  const judged = [...good, ...defective];
  const scores: (number | undefined)[][] = [];
  for (const canvas of canvases) {
    request.onPhase?.(`Trying a canvas of ${canvas.height} x ${canvas.width}`);
    scores.push(await tried(canvas, { learned: some(data.images, LEARNED), judged }, request, data));
  }
  const read = judged.map((_, i) => scores.every((own) => own[i] !== undefined));
  const labels = judged.filter((_, i) => read[i]).map(({ label }) => label === 'defective');
  if (!labels.includes(true) || !labels.includes(false)) return bySizes(canvases, sizes);
  const trials = canvases.map(
    (canvas, c): CanvasTrial => ({ canvas, scores: scores[c]!.flatMap((s, i) => (read[i] ? s! : [])) }),
  );
  return byTrials(trials, labels, chosenOn);
}
