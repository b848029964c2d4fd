/**
 * How well near copies found from the pixels alone agree with part groups that a data set states, and what the leak check
 * says of its splits: `npx tsx bench/leaks.ts FOLDER`. A folder of parts that all differ should give next to no pairs.
 */
import { type DataSet, recogniseDataSet } from '../src/data/dataset.ts';
import { type NearCopy, NearCopySearch } from '../src/data/leak/near-copies.ts';
import { proposePartGroups } from '../src/data/leak/part-groups.ts';
import { checkLeaks } from '../src/data/leak/verdict.ts';
import type { PartImage } from '../src/data/part-image.ts';
import { foldSplit, groupLeaks, publishedSplit, type Split } from '../src/data/split.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Pairs of images that share a key. */
function pairsWithin(keys: readonly string[]): number {
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
}

interface Counts {
  readonly found: number;
  readonly right: number;
  readonly stated: number;
}

const row = (name: string, { found, right, stated }: Counts): string =>
  `| ${name} | ${found} | ${right} | ${stated} | ${found ? (right / found).toFixed(3) : ''} | ${stated ? (right / stated).toFixed(3) : ''} |`;

const right = (copies: readonly NearCopy[]): number =>
  copies.filter(({ one, other }) => one.partGroup === other.partGroup).length;

function proposedGroups(images: readonly PartImage[], copies: readonly NearCopy[]): Counts & { largest: number } {
  const grouped = proposePartGroups(images, copies);
  const sizes = new Map<string, number>();
  for (const { group } of grouped) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return {
    found: pairsWithin(grouped.map(({ group }) => group)),
    right: pairsWithin(grouped.map(({ group, image }) => JSON.stringify([group, image.partGroup]))),
    stated: pairsWithin(images.map((image) => image.partGroup)),
    largest: Math.max(...sizes.values()),
  };
}

/** The data set as it would be if nobody stated part groups, so that the check judges it by the pixels alone. */
function unstated(dataSet: DataSet): DataSet {
  const images = dataSet.images.map(({ groupStated: _, ...image }) => ({ ...image, partGroup: image.name }));
  return { ...dataSet, images };
}

/** Pairs of different stated groups that are called near copies: a part under two names shows here. */
function sayContradictions(copies: readonly NearCopy[]): void {
  const between = new Map<string, number>();
  let mixed = 0;
  for (const { one, other } of copies) {
    if (one.partGroup === other.partGroup) continue;
    const key = [one.partGroup, other.partGroup].sort().join(' = ');
    between.set(key, (between.get(key) ?? 0) + 1);
    if (one.label !== other.label) mixed++;
  }
  const most = [...between].sort((p, q) => q[1] - p[1]).slice(0, 16);
  const listed = most.map(([key, n]) => `${key}: ${n}`).join('; ');
  say(`\nNot stated: ${between.size} pairs of groups, ${mixed} pairs good and defective. ${listed}`);
}

function splitsOf(dataSet: DataSet): Split[] {
  const published = dataSet.images.some((image) => image.publishedSplit === 'train');
  return [...(published ? [publishedSplit(dataSet)] : []), ...[0, 1, 2, 3, 4].map((fold) => foldSplit(dataSet, fold))];
}

async function sayVerdict(split: Split, alone: DataSet, search: NearCopySearch): Promise<void> {
  const byName = new Map(alone.images.map((image) => [image.name, image]));
  const hide = (images: readonly PartImage[]): PartImage[] => images.map(({ name }) => byName.get(name)!);
  const hidden = {
    ...split,
    train: hide(split.train),
    calibration: hide(split.calibration),
    test: hide(split.test),
  };
  const { statement } = await checkLeaks(hidden, { search });
  const groups = new Set(groupLeaks({ ...split, calibration: [] }));
  const known = split.test.filter((image) => groups.has(image.partGroup)).length;
  say(`By pixels alone: ${statement} By part groups ${known}.`);
}

async function measure(folder: string): Promise<void> {
  const dataSet = await recogniseDataSet(folder);
  const alone = unstated(dataSet);
  const stated = new Map(dataSet.images.map((image) => [image.name, image]));
  const started = performance.now();
  const search = await NearCopySearch.open(alone.images);
  say(`${alone.images.length} images read in ${seconds(started)}; near copies from likeness ${search.limit} on`);
  const looking = performance.now();
  const copies = (await search.within()).map(({ one, other, similarity }) => {
    return { one: stated.get(one.name)!, other: stated.get(other.name)!, similarity };
  });
  say(`all pairs in ${seconds(looking)}, compared: ${JSON.stringify(search.counts)}\n`);
  const all = pairsWithin(dataSet.images.map((image) => image.partGroup));
  say('| pairs | found | right | stated | precision | recall |\n|---|---|---|---|---|---|');
  for (const least of [0, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    const kept = copies.filter(({ similarity }) => similarity >= least);
    say(row(least ? `likeness ${least}` : 'as found', { found: kept.length, right: right(kept), stated: all }));
  }
  const proposed = proposedGroups(dataSet.images, copies);
  say(row(`within proposed groups (largest ${proposed.largest})`, proposed));
  sayContradictions(copies);
  for (const split of splitsOf(dataSet)) await sayVerdict(split, alone, search);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of a data set: npx tsx bench/leaks.ts FOLDER');
await measure(folder);
