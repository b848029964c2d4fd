/** A model card says what bundle.json says, with intervals, and never more; whatever text comes in, it stays text. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { smallBundle } from '../../../test/support/station.ts';
import { evaluate } from '../../judge/evaluation.ts';
import { readContent, readManifest } from '../content.ts';
import { amendBundle } from '../write.ts';
import { modelCard } from './card.ts';
import { cardFile, cardMarkdown, cardPage } from './render.ts';

const folder = temporaryFolders();
const bundle = async () => smallBundle(join(await folder(), 'bundle'), 0.5);
const cardIn = (directory: string) => readFile(join(directory, cardFile), 'utf8');

/** 60 good and 60 defective images of as many parts, of which one is missed. */
const evaluation = evaluate({
  detector: 'U-Net',
  labels: Array.from({ length: 120 }, (_, i) => Number(i >= 60)),
  scores: Array.from({ length: 120 }, (_, i) => (i >= 61 ? 0.9 : 0.1)),
  classNames: Array.from({ length: 120 }, (_, i) => (i >= 60 ? 'dent' : 'good')),
  partGroups: Array.from({ length: 120 }, (_, i) => i),
  threshold: 0.5,
  chosenOn: 'calibration',
});

it('is written with a bundle, and says that nothing was measured before it was', async () => {
  const directory = await bundle();
  const text = await cardIn(directory);
  expect(text).toBe(cardMarkdown(modelCard(await readManifest(directory))));
  expect(text).toContain('It was not evaluated: none of its rates is known.');
  expect(text).toContain('It is no safety function.');
  expect(text).toContain('No leak check is on record');
  expect(text).toContain('| Images for the threshold | 4 |');
});

it('follows each change of the manifest, with counts, exact intervals, and what they prove', async () => {
  const directory = await bundle();
  const manifest = await readManifest(directory);
  await amendBundle(directory, manifest, { evaluation: { ...evaluation } });
  const text = await cardIn(directory);
  // Clopper and Pearson of 59 of 60
  expect(text).toContain('| Recall | 0.983 (59 of 60; 0.911 to 1.000) |');
  expect(text).toContain('| False alarms | 0.000 (0 of 60; 0.000 to 0.060) |');
  expect(text).toContain('| Recall of dent | 0.983');
  expect(text).toContain('To prove a recall of at least 0.95 with 95 % confidence takes 33 more defective parts');
  expect(text).toContain('Proven: a false-alarm rate of at most 0.05 with 95 % confidence');
});

it('is not needed by a bundle, and is no part of what is believed of it', async () => {
  const directory = await bundle();
  await rm(join(directory, cardFile));
  expect((await readContent(directory)).manifest.files).not.toHaveProperty([cardFile]);
});

it('names a threshold of the test images, 8 bits, regions and pictures that show nothing', async () => {
  const manifest = await readManifest(await bundle());
  const told = cardMarkdown(
    modelCard({
      ...manifest,
      data: { ...manifest.data, protocol: 'paper' },
      threshold: null,
      quantisation: { of: '0'.repeat(64), images: 3, convolutions: 4, allConvolutions: 5 },
      blankPictures: { policy: 'judge', blankGood: 1, good: 2, told: false },
      pictureSizes: { policy: 'review', told: false, images: 4, height: { least: 64, most: 64 }, width: { least: 90, most: 96 }, proportion: { least: 1, most: 2 } }, // biome-ignore format: one line
    }),
  );
  for (const words of [
    'The threshold was chosen on the test images',
    'every part is for REVIEW',
    '8 bits for 4 of 5 convolutions',
    'A picture that shows nothing is judged like any other',
    'pictures of 90 to 96 x 64 pixels',
  ])
    expect(told).toContain(words);
});

it('takes texts of a bundle as texts, in Markdown and on the page', async () => {
  const manifest = await readManifest(await bundle());
  const name = '<script>alert(1)</script> | [a](javascript:b)\n# heading\u202e';
  const card = modelCard({ ...manifest, data: { ...manifest.data, name }, evaluation: { good: 'many' } });
  const text = cardMarkdown(card);
  expect(text).not.toContain('<script>');
  expect(text).not.toMatch(/^# heading/m);
  expect(text).toContain('\\[a\\]');
  expect(text).not.toContain('\u202e');
  expect(cardPage(card)).not.toContain('<script>alert');
});
