/** A comparison's report from drawn scores and drawn images: nothing in it was photographed, trained or measured. */
import { Random } from '../src/core/random.ts';
import type { Comparison, CurvePoint, ProtocolResult, Sequence } from '../src/judge/comparison.ts';
import { bootstrapMeanAuroc } from '../src/judge/comparison-interval.ts';
import { type ChosenOn, evaluate } from '../src/judge/evaluation.ts';
import type { ComparisonReportInput, SequenceEvidence } from '../src/judge/report/comparison-input.ts';
import type { ExampleMap } from '../src/judge/report/input.ts';
import { chooseThreshold } from '../src/judge/rules/choose.ts';
import { drawnExample } from './synthetic-report.ts';

const classes = ['dent', 'scratch', 'stain'];
const images = 150;
const shapes = {
  'U-Net': { separation: 2.3, score: (x: number) => 1 / (1 + Math.exp(1.5 - 1.6 * x)) },
  flow: { separation: 1.5, score: (x: number) => 0.4 * Math.exp(1.3 * x) },
  fusion: { separation: 2.5, score: (x: number) => x },
};
type Detector = keyof typeof shapes;

interface Drawn {
  readonly sequence: Sequence;
  readonly evidence: SequenceEvidence;
}

/** From chance towards the area that the scores have in the end. */
function curveTo(end: number, random: Random): CurvePoint[] {
  const points = Array.from({ length: 16 }, (_, i) => {
    const gone = 1 - Math.exp(-(i + 1) / 4);
    return { step: 75 * (i + 1), auroc: Math.min(1, 0.55 + (end - 0.55) * gone + 0.012 * random.normal()) };
  });
  return [...points.slice(0, -1), { step: 1200, auroc: end }];
}

function pixelFigures(random: Random, detector: Detector): Sequence['pixels'] {
  const level = detector === 'flow' ? 0.86 : 0.94;
  const [tp, fp, fn] = [90_000, 20_000, detector === 'flow' ? 60_000 : 30_000];
  return {
    pixels: 8_000_000,
    defectivePixels: tp + fn,
    regions: 75,
    auroc: level + 0.01 * random.normal(),
    aurocError: 1e-5,
    aupro: level - 0.1 + 0.01 * random.normal(),
    auproError: 1e-5,
    threshold: 0.5,
    chosenOn: 'calibration',
    dice: (2 * tp) / (2 * tp + fp + fn),
    meanDice: 0.6,
    confusion: { tp, fp, fn, tn: 8_000_000 - tp - fp - fn },
  };
}

async function draw(protocol: ProtocolResult['protocol'], detector: Detector, index: number): Promise<Drawn> {
  const random = Random.of(7, 'comparison', protocol, detector, index);
  const { separation, score } = shapes[detector];
  const gain = protocol === 'paper' ? 0.35 : 0;
  const labels = Array.from({ length: images }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const scores = () => labels.map((label) => score(random.normal() + label * (separation + gain)));
  const judged = scores();
  const names = labels.map((_, i) => `${protocol === 'honest' ? `fold-${index}` : 'test'}/${i}.png`);
  const partGroups = labels.map((_, i) => `${protocol === 'honest' ? index : 'p'}-${i >> 1}`);
  const own = chooseThreshold({ kind: 'accuracy' }, { labels, scores: judged }).threshold;
  const honest = chooseThreshold({ kind: 'accuracy' }, { labels, scores: scores() }).threshold;
  const evaluationAt = (threshold: number, chosenOn: ChosenOn) =>
    evaluate({
      detector,
      labels,
      scores: judged,
      classNames: labels.map((label, i) => (label === 1 ? classes[(i / 3) % 3]! : 'good')),
      partGroups,
      threshold,
      chosenOn,
      brightnessAuroc: 0.55 + 0.03 * random.next(),
      seed: index,
    });
  const paperEvaluation = evaluationAt(own, 'the evaluation set itself (paper protocol)');
  const evaluation = protocol === 'paper' ? paperEvaluation : evaluationAt(honest, 'calibration');
  const wrong = (kind: ExampleMap['kind'], label: number) =>
    judged.flatMap((value, i) =>
      labels[i] === label && value >= evaluation.threshold === (label === 0) ? [{ value, i, kind }] : [],
    );
  const bundle = `${protocol}/${detector === 'U-Net' ? 'unet' : detector}-${index}`;
  const sequence: Sequence = {
    name: protocol === 'honest' ? `fold ${index} of 5` : `seed ${index}`,
    bundle,
    evaluation,
    paperEvaluation,
    pixels: pixelFigures(random, detector),
    curve: detector === 'flow' ? curveTo(evaluation.auroc.value, random) : [],
    trainingSeconds: (detector === 'flow' ? 1380 : 912) + 40 * random.normal(),
    inspectionMilliseconds: (detector === 'flow' ? 212 : 38.4) + random.normal(),
    model: `${index}${detector === 'flow' ? 'f' : 'a'}`.repeat(32),
  };
  const shown = [...wrong('miss', 1).slice(0, 2), ...wrong('false alarm', 0).slice(0, 2)];
  const examples = await Promise.all(
    shown.map(async ({ value, i, kind }) => ({
      ...(await drawnExample(kind, i, value, evaluation.threshold)),
      name: names[i]!,
    })),
  );
  return { sequence, evidence: { bundle, names, labels, scores: judged, partGroups, examples } };
}

async function drawProtocol(
  protocol: ProtocolResult['protocol'],
  split: string,
  rest: Pick<ProtocolResult, 'notes' | 'leak'>,
) {
  const all = (detector: Detector) => Promise.all([0, 1, 2, 3, 4].map((i) => draw(protocol, detector, i)));
  const [flow, unet] = [await all('flow'), await all('U-Net')];
  const fusion = protocol === 'honest' ? await all('fusion') : [];
  const interval = (drawn: readonly Drawn[]) => bootstrapMeanAuroc(drawn.map(({ evidence }) => evidence));
  const result: ProtocolResult = {
    protocol,
    split,
    ...rest,
    flow: flow.map(({ sequence }) => sequence),
    unet: unet.map(({ sequence }) => sequence),
    fusion: fusion.map(({ sequence }) => sequence),
    unetNotApplicable: null,
    failed: [],
    meanAuroc: { flow: interval(flow), unet: interval(unet), fusion: interval(fusion) },
  };
  return { result, evidence: [...flow, ...unet, ...fusion].map((drawn) => drawn.evidence) };
}

/** Five sequences of both detectors under both protocols. */
export async function syntheticComparison(): Promise<ComparisonReportInput> {
  const honest = await drawProtocol('honest', 'five folds by part group', {
    notes: [
      'Test on a fold, threshold on the next one, training on the rest.',
      'Whole part groups: no part is on two sides.',
    ],
    leak: ['No near copies across sides were found.'],
  });
  const paper = await drawProtocol('paper', 'published split, five seeds', {
    notes: ['The split is kept as it was published.', 'There is no calibration part.'],
    leak: ['Leak: 42 of 150 test images show a part that is also trained on.'],
  });
  const comparison: Comparison = {
    schema: 1,
    created: '2025-03-14T09:26:00Z',
    dataSet: {
      name: 'drawn-rings',
      hash: 'a3f1'.repeat(16),
      recognised: [
        'Folders good/ and defective/ with masks in masks/, matched by file name.',
        '500 good and 250 defective images: dents, scratches, stains.',
      ],
    },
    settings: {
      protocols: ['honest', 'paper'],
      sequences: 5,
      flow: { blocks: 4, canvas: { height: 256, width: 256 } },
      seed: 0,
    },
    protocols: [honest.result, paper.result],
    software: { felfri: '0.1.0', Node: process.version },
  };
  return {
    title: 'U-Net and flow compared on drawn bearing-ring patches',
    comparison,
    command: 'felfri compare drawn-rings -o compared --protocol both',
    evidence: [...honest.evidence, ...paper.evidence],
  };
}
