/** The leak check through the command line: a set whose parts were photographed twice is flagged, grouped, and then passes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { photographPng } from '../textures.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let data: string;

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  for (const label of ['good', 'defective']) await mkdir(join(data, label), { recursive: true });
  for (let part = 0; part < 16; part++) {
    const label = part % 4 === 0 ? 'defective' : 'good';
    await writeFile(join(data, label, `a${part}.png`), await photographPng(part));
    await writeFile(join(data, label, `b${part}.png`), await photographPng(part, { exposure: 0.7, dx: 3 }));
  }
});

describe('felfri and leaks', () => {
  it('data leaks flags a split that divides parts, by its exit code too', async () => {
    const { code, stdout } = await felfri(['data', 'leaks', data, '--quiet']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Leak check of fold 0 of 5: \d+ of \d+ test images .* it leaks/);
    expect(stdout).toMatch(/ {2}0\.\d{3} {2}test \S+ = train \S+/);
    const { code: passed, stdout: json } = await felfri(['data', 'leaks', data, '--quiet', '--json', '--limit', '1']);
    expect(passed).toBe(0);
    expect(JSON.parse(json)).toMatchObject({ flagged: false, limit: 1 });
  });

  it('train refuses it with a code and what to do, and writes nothing', async () => {
    const output = join(work, 'refused');
    const { code, stderr } = await felfri(['train', 'flow', data, '-o', output, '--size', '64', '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/LEAK_FOUND.*data groups.*--allow-leaks/s);
    await expect(readFile(join(output, 'run', 'run.json'))).rejects.toThrow();
  });

  it('train --allow-leaks goes on, and summary, run.json and bundle say so', async () => {
    const output = join(work, 'allowed');
    const small = ['--size', '64', '--epochs', '1', '--batch', '4', '--hidden', '8', '--no-cache', '--quiet'];
    const trained = await felfri(['train', 'flow', data, '-o', output, ...small, '--allow-leaks']);
    expect(trained.stderr).toMatch(/warning: Leak check/);
    expect(trained.stdout).toContain('The user went on (--allow-leaks).');
    expect(trained.code).toBe(0);
    for (const path of ['bundle.json', 'run/run.json']) {
      const facts = JSON.parse(await readFile(join(output, path), 'utf8'));
      expect(facts.data?.leak ?? facts.leak).toMatchObject({ flagged: true, overridden: true });
    }
    const refused = await felfri(['evaluate', output, data, '--quiet']);
    expect(refused.stderr).toContain('LEAK_FOUND');
    expect(refused.code).toBe(2);
    const judged = await felfri(['evaluate', output, data, '--quiet', '--json', '--allow-leaks']);
    expect(JSON.parse(judged.stdout).leak).toMatchObject({ flagged: true, overridden: true });
  });

  it('data groups proposes a manifest with which the folds are clean', async () => {
    const groups = join(data, 'groups.csv');
    const { code, stdout } = await felfri(['data', 'groups', data, '-o', groups, '--quiet', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 32, nearCopies: 16, partGroups: 16, largest: 2 });
    const clean = await felfri(['data', 'leaks', groups, '--quiet']);
    expect(clean.stdout).toContain('clean.');
    expect(clean.code).toBe(0);
  });

  it('refuses an illegal share', async () => {
    const { code, stderr } = await felfri(['data', 'leaks', data, '--limit', '2']);
    expect(stderr).toContain('from 0 to 1');
    expect(code).not.toBe(0);
  });
});
