/** The HTML report on one or more judged bundles. */
import { writeFileAtomic } from '../../core/files.ts';
import type { DataSet } from '../../data/dataset.ts';
import type { Split } from '../../data/split.ts';
import type { DetectorReport } from '../../judge/report/input.ts';
import { renderReport } from '../../judge/report/report.ts';
import type { JudgedBundle } from './evaluate.ts';
import { examplesOf } from './examples.ts';
import { labelled } from './scoring.ts';

async function detectorReport(judged: JudgedBundle): Promise<DetectorReport | null> {
  const { evaluation, manifest, pixels, scored, inspectionMilliseconds } = judged;
  if (!evaluation) return null;
  const seconds = manifest.training['seconds'];
  return {
    evaluation,
    ...labelled(scored),
    partGroups: scored.map(({ image }) => image.partGroup),
    pixels,
    thresholdStatement: manifest.threshold?.statement ?? null,
    trainingSeconds: typeof seconds === 'number' ? seconds : null,
    inspectionMilliseconds,
    examples: await examplesOf(judged),
  };
}

interface Reported {
  readonly title: string;
  readonly dataSet: DataSet;
  readonly split: Split;
  /** Those that could not be judged are left out. */
  readonly bundles: readonly JudgedBundle[];
  /** The leak check's verdict on the split (`LeakVerdict.statement`); without one the report says that none was made. */
  readonly leak: string | undefined;
}

/** Writes one self-contained HTML file. */
export async function writeReport(path: string, { title, dataSet, split, bundles, leak }: Reported): Promise<void> {
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
      name: dataSet.name,
      recognised: dataSet.notes,
      split: [`Split: ${split.name}.`, ...split.notes],
      leak: leak === undefined ? [] : [leak],
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
