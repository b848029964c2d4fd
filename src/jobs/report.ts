/** The HTML report on one or more judged bundles. */
import { basename } from 'node:path';
import { writeFileAtomic } from '../core/files.ts';
import type { DataSet } from '../data/dataset.ts';
import { encodePng, type Image, readImage } from '../data/image.ts';
import type { Split } from '../data/split.ts';
import { drawHeatMap } from '../inspect/heat-map.ts';
import { Inspector } from '../inspect/inspector.ts';
import { decide } from '../judge/decision.ts';
import type { DetectorReport, ExampleMap } from '../judge/report/input.ts';
import { renderReport } from '../judge/report/report.ts';
import type { JudgedBundle } from './evaluate.ts';
import { labelled, type ScoredImage } from './scoring.ts';

/** Examples of each kind that a report shows. */
const EXAMPLES = 3;

async function dataUri(image: Image): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(image)).toString('base64')}`;
}

/** The clearest hits, the worst misses and the worst false alarms. */
function chooseExamples(
  scored: readonly ScoredImage[],
  threshold: number,
): { kind: ExampleMap['kind']; image: ScoredImage }[] {
  const falling = [...scored].sort((a, b) => b.score - a.score);
  const defective = falling.filter(({ image }) => image.label === 'defective');
  const kinds: Record<ExampleMap['kind'], ScoredImage[]> = {
    hit: defective.filter(({ score }) => score >= threshold),
    miss: defective.filter(({ score }) => score < threshold).reverse(),
    'false alarm': falling.filter(({ image, score }) => image.label === 'good' && score >= threshold),
  };
  return Object.entries(kinds).flatMap(([kind, images]) =>
    images.slice(0, EXAMPLES).map((image) => ({ kind: kind as ExampleMap['kind'], image })),
  );
}

async function examplesOf({ bundle, manifest, scored }: JudgedBundle): Promise<ExampleMap[]> {
  const threshold = manifest.threshold?.value ?? null;
  const inspector = await Inspector.open(bundle);
  const examples: ExampleMap[] = [];
  try {
    for (const { kind, image } of chooseExamples(scored, threshold ?? Number.POSITIVE_INFINITY)) {
      const pixels = await readImage(image.image.path);
      const { map, score } = await inspector.inspectImage(pixels, image.image.name);
      examples.push({
        kind,
        name: image.image.name,
        label: image.image.className,
        score,
        decision: decide(score, threshold, manifest.threshold?.review?.value ?? null),
        image: await dataUri(pixels),
        map: await dataUri(drawHeatMap(pixels, map, manifest.mapRange)),
      });
    }
  } finally {
    await inspector.close();
  }
  return examples;
}

async function detectorReport(judged: JudgedBundle): Promise<DetectorReport | null> {
  const { evaluation, manifest, pixels, scored, inspectionMilliseconds } = judged;
  if (!evaluation) return null;
  const seconds = manifest.training['seconds'];
  return {
    evaluation,
    ...labelled(scored),
    partGroups: scored.map(({ image }) => image.partGroup),
    pixels,
    proof: null,
    thresholdStatement: manifest.threshold?.statement ?? null,
    trainingSeconds: typeof seconds === 'number' ? seconds : null,
    inspectionMilliseconds,
    examples: await examplesOf(judged),
  };
}

/** Writes one self-contained HTML file. Bundles that could not be judged are left out. */
export async function writeReport(
  path: string,
  title: string,
  dataSet: DataSet,
  split: Split,
  bundles: readonly JudgedBundle[],
): Promise<void> {
  const detectors: DetectorReport[] = [];
  for (const judged of bundles) {
    const report = await detectorReport(judged);
    if (report) detectors.push(report);
  }
  const software = bundles[0]?.manifest.software ?? {};
  const html = renderReport({
    title,
    created: new Date().toISOString(),
    dataSet: {
      name: basename(dataSet.root),
      recognised: dataSet.notes,
      split: [`Split: ${split.name}.`, ...split.notes],
      leak: [],
    },
    detectors,
    versions: Object.entries(software).map(([name, value]) => ({ name, value })),
    hashes: [
      { name: 'data set', value: bundles[0]?.manifest.data.hash ?? '' },
      ...bundles.map(({ manifest }) => ({
        name: `${manifest.detector} model`,
        value: manifest.files['model.onnx'] ?? '',
      })),
    ],
  });
  await writeFileAtomic(path, html);
}
