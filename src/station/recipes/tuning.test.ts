import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, smallBundle, startStation } from '../../../test/support/station.ts';
import { recipeScores } from './tuning.ts';

const folder = temporaryFolders();

it('scores beside a bundle are read by the ten thousand, and no more than are soon read', async () => {
  const own = await startStation(await folder());
  const id = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  const path = join(own.station.recipes.bundles.directory(id), 'run', 'test-scores.json');
  const stored = JSON.parse(await readFile(path, 'utf8')) as { images: object[] };
  const rewrite = (images: object[]) => writeFile(path, JSON.stringify({ ...stored, images }));
  const [one] = stored.images;
  await rewrite(Array.from({ length: 40_000 }, () => one!));
  const all = await recipeScores(own.station, id);
  expect(all.scores.filter(({ source }) => source === 'test')).toHaveLength(40_000);
  await rewrite(Array.from({ length: 100_000 }, () => one!));
  const { scores, notes } = await recipeScores(own.station, id);
  expect(scores.filter(({ source }) => source === 'test')).toEqual([]);
  expect(notes).toEqual(['The bundle has no scores of its test images that this felfri reads.']);
  await own.close();
});
