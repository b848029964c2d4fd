/** A watched folder at a real station: whole files alone, each once, none lost over a restart, and no path out of it. */
import { mkdir, mkdtemp, readdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../../test/support/line.ts';
import { activeRecipe, partPng, smallBundle } from '../../../../../test/support/station.ts';
import { until } from '../../../../../test/support/until.ts';

const folder = temporaryFolders();
const quick = { kind: 'folder', pollSeconds: 0.05, stableSeconds: 0.1 };
let bundle: string;
let test: TestLine;
const paths: Record<string, string> = {};

/** Sources of one station: each test has one of its own. */
const kinds = {
  plain: { names: '{lot}_{part}' },
  slow: { stableSeconds: 1 },
  rename: { whole: 'rename' },
  damaged: {},
  again: {},
  links: { names: '{lot}/{part}' },
  recipes: { names: '{recipe}~{part}' },
  silent: { silenceSeconds: 1 },
  frozen: {},
} as const;

async function withPaths(of: Record<string, object>): Promise<Record<string, object>> {
  const all: Record<string, object> = {};
  for (const [name, change] of Object.entries(of)) {
    const path = await folder();
    paths[name] = path;
    all[name] = { ...quick, path, ...change };
  }
  return all;
}

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  const sources = await withPaths(kinds);
  await writeFile(join(paths['plain']!, 'L7_ring1.png'), await partPng(1));
  await writeFile(join(paths['plain']!, 'notes.txt'), 'no image');
  test = await startLine(await folder(), {}, 'press-7', sources);
  await activeRecipe(test, bundle);
});
afterAll(() => test.close());

const all = async ({ station }: TestLine = test) => (await station.records.partRecords({ limit: 500 })).inspections;
/** Records of parts whose names begin so. */
const of = async (part: string, from = test) => (await all(from)).filter((one) => one.part?.startsWith(part));
const told = async (name: string, { line }: TestLine = test) =>
  (await line.told()).sources.find((one) => one.name === name)!;
const alarms = ({ station }: TestLine = test) => station.alarms.all.map(({ id }) => id);
const files = async (path: string): Promise<string[]> => {
  const found = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
};

it('takes what lies there and what comes, moves it away, and calls the part by the name of its file', async () => {
  const path = paths['plain']!;
  await until(async () => (await of('ring')).length === 1, 'the one that lay there');
  await writeFile(join(path, 'L7_ring2.png'), await partPng(2));
  await until(async () => (await files(join(path, 'felfri-done'))).length === 2, 'both moved');
  expect((await of('ring')).map(({ part, lot }) => [part, lot])).toEqual([['ring2', 'L7'], ['ring1', 'L7']]); // biome-ignore format: one line
  expect(await readdir(path)).toEqual(['felfri-done', 'notes.txt']);
  expect(await told('plain')).toMatchObject({ connected: true, problem: null, decided: 2, lastImage: 'L7_ring2.png' });
});

it('waits until a slow writer has ended, and takes the file whole', async () => {
  const png = await partPng(3);
  const path = join(paths['slow']!, 'slow.png');
  for (let end = 200; end < png.length + 200; end += Math.ceil(png.length / 8)) {
    await writeFile(path, png.subarray(0, end));
    await sleep(100);
  }
  await writeFile(path, png);
  const there = performance.now();
  await until(async () => (await of('slow')).length === 1, 'a record');
  // when it was written, and not after a second of looking: by then the trigger of the next part may have come
  const { id } = (await of('slow'))[0]!;
  expect(test.station.moments.of(id)!.cameAt).toBeLessThan(there + 100);
  expect(await of('slow')).toMatchObject([{ imageHash: expect.stringMatching(/^\w{64}$/), width: 96 }]);
});

it('does not touch what is being written under another name', async () => {
  const path = join(paths['rename']!, 'renamed.png');
  await writeFile(`${path}.part`, await partPng(4));
  await writeFile(join(paths['rename']!, '.renamed2.png'), await partPng(5));
  await sleep(300);
  expect(await of('renamed')).toEqual([]);
  await rename(`${path}.part`, path);
  await until(async () => (await of('renamed')).length === 1, 'the renamed one');
  expect(await readdir(paths['rename']!)).toContain('.renamed2.png');
});

it('puts what is no image aside, with a code on record and an alarm until it is taken away; the rest goes on', async () => {
  const path = paths['damaged']!;
  const png = await partPng(6);
  await writeFile(join(path, 'd-cut.png'), png.subarray(0, png.length - 40));
  await writeFile(join(path, 'd-unread.heic'), 'nothing that is read');
  await writeFile(join(path, 'd-empty.png'), '');
  await writeFile(join(path, 'd-good.png'), png);
  await until(async () => (await of('d-')).length === 4, 'four records');
  const found = Object.fromEntries((await of('d-')).map((one) => [one.part, 'code' in one ? one.code : one.decision]));
  expect(found).toMatchObject({ 'd-cut': 'IMAGE_CORRUPT', 'd-unread': 'IMAGE_FORMAT', 'd-empty': 'IMAGE_EMPTY' });
  expect(['OK', 'REVIEW', 'NG']).toContain(found['d-good']);
  await until(() => alarms().includes('damaged: aside'), 'an alarm');
  // a file is recorded first and put aside then
  await until(async () => (await files(join(path, 'felfri-aside'))).length === 3, 'all three aside');
  expect((await files(join(path, 'felfri-aside'))).sort()).toEqual(['d-cut.png', 'd-empty.png', 'd-unread.heic']);
  await until(async () => (await files(join(path, 'felfri-done'))).length === 1, 'the good one put away');
  await rm(join(path, 'felfri-aside'), { recursive: true });
  await until(() => !alarms().includes('damaged: aside'), 'no alarm');
});

it('does not judge again what was recorded and not yet put away', async () => {
  const path = paths['again']!;
  const png = await partPng(30);
  await writeFile(join(path, 'again.png'), png);
  await until(async () => (await files(join(path, 'felfri-done'))).length === 1, 'put away');
  // as where a kill came between record and move
  await writeFile(join(path, 'again.png'), png);
  await until(async () => (await told('again')).repeated === 1, 'known');
  expect(await of('again')).toHaveLength(1);
  await until(async () => (await files(join(path, 'felfri-done'))).length === 2, 'both kept');
  // the same name with another content is another image
  await writeFile(join(path, 'again.png'), await partPng(31));
  await until(async () => (await of('again')).length === 2, 'the other');
});

it('follows no link, in names or on the way to its own folders', async () => {
  const path = paths['links']!;
  const outside = await mkdtemp(join(await folder(), 'outside-'));
  await writeFile(join(outside, 'secret.png'), await partPng(50));
  await symlink(outside, join(path, 'lot'));
  await mkdir(join(path, 'real'));
  await symlink(join(outside, 'secret.png'), join(path, 'real', 'link.png'));
  await symlink(outside, join(path, 'felfri-done'));
  await until(() => alarms().includes('links: links'), 'an alarm');
  await writeFile(join(path, 'real', 'link1.png'), await partPng(51));
  await until(() => alarms().includes('links: moving'), 'an alarm of the link that is its own folder');
  expect((await all()).map(({ part }) => part)).not.toContain('secret');
  expect((await of('link')).map(({ part, lot }) => [part, lot])).toEqual([['link1', 'real']]);
  expect(await files(outside)).toEqual(['secret.png']);
  await unlink(join(path, 'felfri-done'));
});

it('inspects by the recipe that a name states, and puts aside what names none that there is', async () => {
  const path = paths['recipes']!;
  const other = await activeRecipe(test, bundle, 'links');
  await activeRecipe(test, bundle, 'nuts');
  await writeFile(join(path, 'links~by-a.png'), await partPng(70));
  await writeFile(join(path, 'bolts~by-b.png'), await partPng(70));
  await until(async () => (await of('by-')).length === 2, 'both');
  expect(await of('by-a')).toMatchObject([{ recipe: other }]);
  expect(await of('by-b')).toMatchObject([{ code: 'SOURCE_NAME', message: expect.stringContaining('"bolts"') }]);
});

it('says when no image comes for too long', async () => {
  await until(() => alarms().includes('silent: silence'), 'an alarm');
  await writeFile(join(paths['silent']!, 'silent.png'), await partPng(80));
  await until(() => !alarms().includes('silent: silence'), 'no alarm');
});

it('loses and doubles none over stops at any moment, and remembers what it leaves where it is', async () => {
  const data = await folder();
  const sources = await withPaths({ moved: { whole: 'rename' }, kept: { after: 'keep' } });
  for (let i = 0; i < 9; i++) await writeFile(join(paths['moved']!, `p${i}.png`), await partPng(10 + i));
  await writeFile(join(paths['kept']!, 'a.png'), await partPng(40));
  await writeFile(join(paths['kept']!, 'b.png'), 'no png');
  let stopped = await startLine(data, {}, 'press-7', sources);
  await activeRecipe(stopped, bundle);
  for (const millis of [40, 90]) {
    await sleep(millis);
    await stopped.close();
    stopped = await startLine(data, {}, 'press-7', sources);
  }
  await until(async () => (await files(join(paths['moved']!, 'felfri-done'))).length === 9, 'all put away');
  expect((await of('p', stopped)).map(({ part }) => part).sort()).toEqual(Array.from({ length: 9 }, (_, i) => `p${i}`));
  await until(() => alarms(stopped).includes('kept: aside'), 'an alarm of what lies there');
  await stopped.close();
  stopped = await startLine(data, {}, 'press-7', sources);
  await writeFile(join(paths['kept']!, 'c.png'), await partPng(41));
  await until(async () => (await of('c', stopped)).length === 1, 'the new one');
  expect(await told('kept', stopped)).toMatchObject({ decided: 1, repeated: 0, notInspected: 0 });
  expect([(await of('a', stopped)).length, (await of('b', stopped)).length]).toEqual([1, 1]);
  expect((await readdir(paths['kept']!)).sort()).toEqual(['a.png', 'b.png', 'c.png']);
  await stopped.close();
});

it('waits with an alarm where the station cannot inspect, and where the folder is gone, and goes on by itself', async () => {
  const bare = await startLine(await folder(), {}, 'press-7', await withPaths({ bare: { lateSeconds: 1 } }));
  const path = paths['bare']!;
  await writeFile(join(path, 'a.png'), await partPng(60));
  await until(() => alarms(bare).includes('bare: station') && alarms(bare).includes('bare: late'), 'both alarms');
  expect((await told('bare', bare)).problem).toContain('no active recipe');
  await rename(path, `${path}-away`);
  await until(() => alarms(bare).includes('bare: folder'), 'the folder’s alarm');
  await rename(`${path}-away`, path);
  await activeRecipe(bare, bundle);
  await until(async () => (await all(bare)).length === 1, 'a record');
  await until(() => alarms(bare).every((id) => !id.startsWith('bare')), 'no alarm');
  await bare.close();
});

it('gives no second part the picture of the one before, as of a camera that is frozen', async () => {
  const path = paths['frozen']!;
  const put = async (name: string, seed: number): Promise<void> => {
    await writeFile(join(path, `${name}.png`), await partPng(seed));
    await until(async () => (await of(name)).length === 1, name);
  };
  await put('ice1', 40);
  await put('ice2', 40);
  await put('ice3', 41);
  const found = (await of('ice')).map((one) => [one.part, one.decision === 'NOT_INSPECTED' && one.code]);
  expect(found).toEqual([['ice3', false], ['ice2', 'IMAGE_REPEATED'], ['ice1', false]]); // biome-ignore format: one line
  expect(await files(join(path, 'felfri-aside'))).toEqual(['ice2.png']);
});
