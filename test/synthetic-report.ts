/** A report's input from drawn scores and drawn images: nothing in it was photographed or measured. */
import sharp from 'sharp';
import { Random } from '../src/core/random.ts';
import { evaluate } from '../src/judge/evaluation.ts';
import { PixelMetrics } from '../src/judge/pixels.ts';
import type { DetectorReport, ExampleMap, ReportInput } from '../src/judge/report/input.ts';
import { chooseThreshold } from '../src/judge/rules/choose.ts';

const classes = ['dent', 'scratch', 'stain'];
const images = 240;

function surface(width: number, height: number, random: Random): string {
  const grooves = Array.from({ length: 90 }, () => {
    const y = random.uniform(0, height);
    return `<path d="M0 ${y}H${width}" stroke="hsl(205 6% ${random.uniform(30, 75)}%)" stroke-width="${random.uniform(0.3, 2)}" opacity=".5"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="hsl(205 5% 55%)"/>${grooves.join('')}`;
}

async function dataUri(width: number, height: number, content: string): Promise<string> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

export async function drawnExample(
  kind: ExampleMap['kind'],
  index: number,
  score: number,
  threshold: number,
): Promise<ExampleMap> {
  const random = Random.of(11, 'example', kind, index);
  const [width, height] = index % 2 === 0 ? [240, 240] : [170, 300];
  const ground = surface(width, height, random);
  const [x, y] = [random.uniform(50, width - 50), random.uniform(50, height - 50)];
  const defect =
    kind === 'false alarm'
      ? ''
      : `<path d="M${x - 30} ${y - 12}Q${x} ${y + 16} ${x + 34} ${y}" stroke="#15181a" stroke-width="3" fill="none"/>`;
  const glow = [40, 26, 14].map(
    (r, i) =>
      `<ellipse cx="${x}" cy="${y}" rx="${r * 1.4}" ry="${r}" fill="${['#3b1f8f', '#d8456c', '#fde68a'][i]}" opacity=".55"/>`,
  );
  return {
    kind,
    name: `drawn/${kind.replace(' ', '-')}-${index}.png`,
    label: kind === 'false alarm' ? 'good' : classes[index % classes.length]!,
    score,
    decision: score >= threshold ? 'NG' : 'OK',
    image: await dataUri(width, height, ground + defect),
    map: await dataUri(
      width,
      height,
      `${ground}${defect}<rect width="${width}" height="${height}" fill="#1b1140" opacity=".45"/>${glow.join('')}`,
    ),
  };
}

/** Figures by pixel of three maps that hold a bright square where the mask has one. */
function drawnPixels(): DetectorReport['pixels'] {
  const random = Random.of(5, 'pixels');
  const metrics = new PixelMetrics({ threshold: 0.5, chosenOn: 'fixed beforehand' });
  for (let image = 0; image < 3; image++) {
    const mask = Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 8 && i < 8 * 32 ? 1 : 0));
    const map = mask.map((value) => 1 / (1 + Math.exp(1 - 3 * value - random.normal())));
    metrics.add(map, mask, 32);
  }
  return metrics.result();
}

async function detector(
  name: string,
  separation: number,
  spread: (x: number) => number,
  own: boolean,
): Promise<DetectorReport> {
  const random = Random.of(3, 'report', name);
  const draw = () => {
    const labels = Array.from({ length: images }, (_, i) => (i % 5 < 2 ? 1 : 0));
    return { labels, scores: labels.map((label) => spread(random.normal() + label * separation)) };
  };
  const judged = draw();
  const { threshold, statement } = chooseThreshold({ kind: 'accuracy' }, own ? judged : draw());
  const evaluation = evaluate({
    detector: name,
    ...judged,
    classNames: judged.labels.map((label, i) => (label === 1 ? classes[i % 3]! : 'good')),
    partGroups: judged.labels.map((_, i) => i >> 1),
    threshold,
    chosenOn: own ? 'the evaluation set itself (paper protocol)' : 'calibration',
    review: own ? null : 0.6 * threshold,
    brightnessAuroc: 0.571,
    seed: 1,
  });
  const examples = await Promise.all(
    judged.scores.flatMap((score, i) => {
      const called = score >= threshold;
      if (judged.labels[i] === 1) return [drawnExample(called ? 'hit' : 'miss', i, score, threshold)];
      return called ? [drawnExample('false alarm', i, score, threshold)] : [];
    }),
  );
  const some = (kind: ExampleMap['kind'], count: number) => examples.filter((e) => e.kind === kind).slice(0, count);
  return {
    evaluation,
    labels: judged.labels,
    scores: judged.scores,
    partGroups: judged.labels.map((_, i) => String(i >> 1)),
    pixels: own ? drawnPixels() : null,
    thresholdStatement: statement,
    trainingSeconds: own ? 94.2 : 1380,
    inspectionMilliseconds: own ? 38.4 : 212,
    examples: [...some('hit', 3), ...some('miss', 3), ...some('false alarm', 3)],
  };
}

/** Two detectors over 240 images: one with scores in 0..1, one with a long tail, as a flow's. */
export async function syntheticReport(): Promise<ReportInput> {
  return {
    title: 'U-Net and flow on drawn bearing-ring patches',
    created: '2025-03-14T09:26:00Z',
    dataSet: {
      name: 'drawn-rings',
      recognised: [
        'Folders good/ and defective/ with masks in masks/, matched by file name.',
        '144 good and 96 defective images: 32 dents, 32 scratches, 32 stains.',
        'All images are 8-bit grey, 240 x 240 or 170 x 300 pixels.',
      ],
      split: [
        'Whole part groups, 120 of them: no part is on two sides.',
        'Training 60 %, calibration 20 %, test 20 %.',
        'Exact copies across sides: none.',
      ],
      leak: ['No near copies across sides were found among the 240 images.'],
    },
    detectors: [
      await detector('U-Net', 2.6, (x) => 1 / (1 + Math.exp(1.5 - 1.6 * x)), true),
      await detector('flow', 1.7, (x) => 0.4 * Math.exp(1.3 * x), false),
    ],
    versions: [
      { name: 'felfri', value: '0.1.0' },
      { name: 'Node', value: process.version },
    ],
    hashes: [
      { name: 'data set', value: 'a3f1'.repeat(16) },
      { name: 'bundle flow', value: '09be'.repeat(16) },
    ],
  };
}
