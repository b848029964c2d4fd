/** A threshold rule that is none is refused before anything is read, trained or written, by every command that takes one. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formOf, ruleKinds } from '../../src/judge/rules/text.ts';
import { temporaryFolders, writeTree } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();

/** What each command is given; none of these needs to be right for a wrong rule to be refused. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'train flow': ['photos', '-o', 'out'],
  'train unet': ['photos', '-o', 'out'],
  'train backbone': ['photos', '-o', 'out'],
  compare: ['photos', '-o', 'out'],
  calibrate: ['bundle', 'photos'],
  fuse: ['flow', 'unet', 'photos', '-o', 'out'],
  quantize: ['bundle', 'photos', '-o', 'out'],
};

describe.each(Object.entries(commands))('felfri %s', (command, given) => {
  it('refuses rules that are none, says which are legal, and leaves no file', async () => {
    const root = await folder();
    await writeTree(root, { 'photos/good/a.png': 100, 'photos/good/b.png': 101 });
    const paths = given.map((word) => (word === '-o' ? word : join(root, word)));
    const takesReview = ['calibrate', 'fuse', 'quantize'].includes(command);
    const rules = [['--rule', 'recal=0.95'], takesReview ? ['--review', 'recall=2'] : ['--rule', 'cost=100:1@2']];
    for (const rule of rules) {
      const { code, stderr } = await felfri([...command.split(' '), ...paths, ...rule]);
      expect(code).toBe(2);
      expect(stderr).toContain(
        `OPTION_INVALID: got the threshold rule "${rule[1]}"; legal are accuracy, f1, recall=0.95`,
      );
    }
    expect(await readdir(root)).toEqual(['photos']);
  });

  it('lists every rule in its help', async () => {
    const { stdout } = await felfri([...command.split(' '), '--help']);
    for (const kind of ruleKinds) expect(stdout).toContain(formOf(kind));
  });
});

it('a rule that the calibration images cannot meet is refused before the training, and blocks no other start', async () => {
  const root = await folder();
  const images = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`photos/good/${i}.png`, 90 + i]));
  await writeTree(root, images);
  const train = ['train', 'flow', join(root, 'photos'), '-o', join(root, 'out'), '--size', '64', '--epochs', '0'];
  const { code, stderr } = await felfri([...train, '--allow-leaks', '--quiet', '--rule', 'good-only=0.001']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('DATASET_TOO_SMALL')]);
  expect(await readdir(root)).toEqual(['photos']);
});

it('a comparison is refused as well, before its first training', async () => {
  const root = await folder();
  const rings = join(root, 'rings');
  await felfri([
    'simulate',
    'bearing-ring',
    '-o',
    rings,
    '--parts',
    '6',
    '--images-per-part',
    '4',
    '--size',
    '64',
    '--quiet',
  ]);
  const compare = [
    'compare',
    rings,
    '-o',
    join(root, 'out'),
    '--sequences',
    '2',
    '--size',
    '64',
    '--allow-leaks',
    '--quiet',
  ];
  const { code, stderr } = await felfri([...compare, '--rule', 'good-only=0.0001']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('DATASET_TOO_SMALL')]);
  expect(await readdir(root)).toEqual(['rings']);
});
