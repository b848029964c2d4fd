/**
 * How well near copies found from the pixels alone agree with part groups that a data set states, and what the leak check
 * says of its splits: `npx tsx bench/leaks.ts FOLDER`. A folder of parts that all differ should give next to no pairs.
 */
import { type DataSet, type PartImage, recogniseDataSet } from '../src/data/dataset.ts';
import { findNearCopies, type NearCopy, nearCopyFrom } from '../src/data/leak/near-copies.ts';
import { proposePartGroups } from '../src/data/leak/part-groups.ts';
import { checkLeaks } from '../src/data/leak/verdict.ts';
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

/** Pairs between test and training images of a split. */
function across({ train, test }: Split, copies: readonly NearCopy[]): Counts {
  const [learned, judged] = [new Set(train), new Set(test)];
  const crossing = copies.filter(
    ({ one, other }) => (learned.has(one) && judged.has(other)) || (learned.has(other) && judged.has(one)),
  );
  const groups = new Map<string, number>();
  for (const { partGroup } of train) groups.set(partGroup, (groups.get(partGroup) ?? 0) + 1);
  const stated = test.reduce((sum, { partGroup }) => sum + (groups.get(partGroup) ?? 0), 0);
  return { found: crossing.length, right: right(crossing), stated };
}

async function sayVerdict(split: Split): Promise<void> {
  const started = performance.now();
  // part groups are hidden from the check, so that it judges by the pixels alone
  const alone = (images: readonly PartImage[]): PartImage[] => images.map((i) => ({ ...i, partGroup: i.name }));
  const verdict = await checkLeaks({
    ...split,
    train: alone(split.train),
    calibration: alone(split.calibration),
    test: alone(split.test),
  });
  const groups = new Set(groupLeaks({ ...split, calibration: [] }));
  const known = split.test.filter((image) => groups.has(image.partGroup)).length;
  say(`${verdict.statement} By part groups ${known}. ${seconds(started)}`);
}

function splitsOf(dataSet: DataSet): Split[] {
  const published = dataSet.images.some((image) => image.publishedSplit === 'train');
  return [...(published ? [publishedSplit(dataSet)] : []), ...[0, 1, 2, 3, 4].map((fold) => foldSplit(dataSet, fold))];
}

async function measure(folder: string): Promise<void> {
  const dataSet = await recogniseDataSet(folder);
  const { images } = dataSet;
  const started = performance.now();
  const copies = await findNearCopies(images, undefined, { least: 0.3 });
  say(`${images.length} images, near copies among all in ${seconds(started)}\n`);
  const stated = pairsWithin(images.map((image) => image.partGroup));
  say('| pairs | found | right | stated | precision | recall |\n|---|---|---|---|---|---|');
  for (const least of [0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8]) {
    const kept = copies.filter(({ similarity }) => similarity >= least);
    say(row(`likeness ${least}`, { found: kept.length, right: right(kept), stated }));
  }
  const kept = copies.filter(({ similarity }) => similarity >= nearCopyFrom);
  const proposed = proposedGroups(images, kept);
  say(row(`within proposed groups (largest ${proposed.largest})`, proposed));
  const splits = splitsOf(dataSet);
  if (splits[0]!.name === 'published')
    say(row(`across the published split, ${nearCopyFrom}`, across(splits[0]!, kept)));
  say('');
  for (const split of splits) await sayVerdict(split);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of a data set: npx tsx bench/leaks.ts FOLDER');
await measure(folder);
