/** What a finished training came to, as its bundle states it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkManifest } from '../../bundle/schema.ts';
import type { TrainingResult } from '../contract/training.ts';
import { figuresOf } from '../recipes/recipe-bundles.ts';

/** Throws BUNDLE_INVALID. */
export async function resultOf(bundle: string): Promise<TrainingResult> {
  const manifest = checkManifest(JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')), bundle);
  const { threshold, data, training } = manifest;
  const seconds = training['seconds'];
  return {
    threshold: threshold && {
      value: threshold.value,
      rule: threshold.rule,
      statement: threshold.statement,
      chosenOn: threshold.chosenOn,
    },
    figures: figuresOf(manifest.evaluation),
    split: data.split,
    images: data.images,
    seconds: typeof seconds === 'number' ? seconds : null,
  };
}
