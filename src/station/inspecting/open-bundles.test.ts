/** Which bundles stay open: those in use and few others, so that no recipe of before takes the memory that images need. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, inspectImage, partPng, smallBundle, startStation } from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import { readContent } from '../../bundle/content.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import type { RecordedBundle } from './messages.ts';
import { OpenBundles } from './open-bundles.ts';

const folder = temporaryFolders();
const made: RecordedBundle[] = [];

beforeAll(async () => {
  for (const threshold of [0.4, 0.5, 0.6]) {
    const directory = await smallBundle(join(await folder(), 'bundle'), threshold);
    made.push({ directory, hash: (await readContent(directory)).hash });
  }
});

it('closes what is neither kept nor one of few others', async () => {
  const [a, b, c] = made as [RecordedBundle, RecordedBundle, RecordedBundle];
  const bundles = new OpenBundles(1, { threads: 1 });
  const image = await partPng(1);
  const isOpen = (inspector: Inspector) =>
    inspector.inspect(new Uint8Array(image)).then(
      () => true,
      ({ code }: { code: string }) => code !== 'BUNDLE_CLOSED',
    );
  const open = (bundle: RecordedBundle) => bundles.use(bundle, async (inspector) => inspector);
  bundles.keepAlso(a.directory);
  const first = [await open(a), await open(b), await open(c)];
  expect(await Promise.all(first.map(isOpen))).toEqual([true, false, true]);
  const second = await open(b);
  await bundles.keepOnly([b.directory]);
  expect(await Promise.all([...first, second].map(isOpen))).toEqual([false, false, false, true]);
  await bundles.close();
  expect(await isOpen(second)).toBe(false);
});

it.skipIf(process.platform !== 'linux')('holds no more open, however often the recipe changes', async () => {
  const before = childrenOf(process.pid);
  const own = await startStation(await folder(), { queue: { limit: 8, workers: 1, threads: 1, memoryBytes: 3e9 } });
  const [child] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
  // each bundle computes in a thread of its own
  const threads = (): number => readdirSync(`/proc/${child}/task`).length;
  await activeRecipe(own, made[0]!.directory, 'first');
  const { decision } = (await inspectImage(own.station, await partPng(1))).inspection;
  const usual = threads();
  for (const { directory } of made.slice(1)) {
    await activeRecipe(own, directory, directory);
    expect((await inspectImage(own.station, await partPng(1))).inspection.decision).toBe(decision);
    await until(() => threads() <= usual, 'no more threads than before');
  }
  // as where memory was looked at before the system had it back
  const { memory } = own.station.queue;
  await own.station.queue.keepInUse();
  memory.resize(1);
  const image = await partPng(1);
  const isTaken = () =>
    inspectImage(own.station, image)
      .then(() => true)
      .catch(() => false);
  await until(isTaken, 'memory is looked at again before an image is refused');
  await own.close();
});

const childrenOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
