/** `felfri station backup` and `restore` as a person runs them, up to a station that serves again. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, smallBundle, startStation } from '../support/station.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();

it('copies a station that runs, says what it proved, and brings it back', async () => {
  const data = await folder();
  const place = await folder();
  const own = await startStation(data);
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5), 'rings');
  const file = join(place, 'station.tar');
  const made = await felfri(['station', 'backup', data, '-o', file]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toMatch(
    /files, \d+ bytes, read back and compared\n0 inspections, .* 1 recipes, .*; audit log whole, 2 entries, head [0-9a-f]{64}\nSHA-256 ([0-9a-f]{64})\n$/,
  );
  const hash = /SHA-256 (.*)/.exec(made.stdout)![1]!;
  await own.close();
  expect(await readdir(place)).toEqual(['station.tar']);

  const looked = await felfri(['station', 'restore', file, '--dry-run']);
  expect(looked.code).toBe(0);
  expect(looked.stdout).toContain(`SHA-256 ${hash}`);
  const target = join(place, 'new');
  const back = await felfri(['station', 'restore', file, target, '--json']);
  expect(back.code).toBe(0);
  expect(JSON.parse(back.stdout)).toMatchObject({ sha256: hash, damaged: [], counts: { recipes: 1 } });
  const listed = await felfri(['station', 'recipes', '--data', target]);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\* .* rings\n$/) });

  const again = await felfri(['station', 'restore', file, target]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('OUTPUT_EXISTS') });
  const bytes = await readFile(file);
  bytes[bytes.indexOf('bundle.json') + 600]! ^= 1;
  const damaged = join(place, 'damaged.tar');
  await writeFile(damaged, bytes);
  await rm(target, { recursive: true });
  const refused = await felfri(['station', 'restore', damaged, target]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('BACKUP_INVALID') });
  expect(await readdir(place)).toEqual(['damaged.tar', 'station.tar']);
  expect((await felfri(['station', 'restore', file])).stderr).toContain('OPTION_INVALID');
  const none = await felfri(['station', 'backup', join(place, 'nothing'), '-o', join(place, 'b.tar')]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('RECORDS_UNAVAILABLE') });
});
