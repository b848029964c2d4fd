/** `felfri key`, `sign` and `verify`, and a station that takes signed bundles alone, as people run them. */
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { smallBundle } from '../support/station.ts';
import { felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();

it('makes keys, signs, verifies, revokes, and starts a station by what is signed alone', async () => {
  const place = await folder();
  const trusted = join(place, 'trusted');
  await mkdir(trusted);
  const bundle = await smallBundle(join(place, 'bundle'), 0.5);
  const made = await felfri(['key', 'new', 'quality', '-o', place, '--json']);
  expect(made.code).toBe(0);
  const { id, encrypted } = JSON.parse(made.stdout);
  expect(encrypted).toBe(false);
  if (process.platform !== 'win32') expect((await stat(join(place, 'quality.key.pem'))).mode & 0o077).toBe(0);
  expect((await felfri(['key', 'new', 'quality', '-o', place])).stderr).toContain('OUTPUT_EXISTS');
  expect((await felfri(['key', 'new', '../quality', '-o', place])).stderr).toContain('OPTION_INVALID');
  const spare = { FELFRI_KEY_PASSPHRASE: 'open sesame' };
  expect((await felfri(['key', 'new', 'quality', '-o', trusted], spare)).code).toBe(0);

  const verify = () => felfri(['verify', bundle, '--trusted', trusted]);
  const sign = (key: string, env?: Record<string, string>) =>
    felfri(['sign', bundle, '--key', key, '--note', 'R1'], env);
  // the private key is not among those that are public, and is refused there
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('KEY_INVALID') });
  await rename(join(trusted, 'quality.key.pem'), join(place, 'spare.key.pem'));
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('BUNDLE_UNTRUSTED') });
  const start = (port = '0') => startFelfri(['serve', bundle, '--data', join(place, 'data'), '--port', port, '--trusted-keys', trusted]); // biome-ignore format: one line
  expect(await start().finished).toMatchObject({ code: 2, stderr: expect.stringContaining('BUNDLE_UNTRUSTED') });

  expect((await sign(join(place, 'quality.key.pem'))).code).toBe(0);
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining(id.slice(0, 16)) });
  expect(await sign(join(place, 'spare.key.pem'))).toMatchObject({ code: 2, stderr: expect.stringContaining('FELFRI_KEY_PASSPHRASE') }); // biome-ignore format: one line
  expect((await sign(join(place, 'spare.key.pem'), spare)).stdout).toContain('keys that signed these files: 2');
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringMatching(/by quality \([0-9a-f]{64}\)\nnote: R1\n$/) }); // biome-ignore format: one line
  const station = start();
  await station.printed(/(recipe bundle)/);
  station.process.kill('SIGTERM');
  expect((await station.finished).code).toBe(0);

  const end = ['key', 'revoke', join(trusted, 'quality.pub.pem'), '--reason', 'laptop lost', '-o', trusted];
  expect((await felfri(end)).code).toBe(0);
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('laptop lost') });
  expect(await start().finished).toMatchObject({ code: 2, stderr: expect.stringContaining('laptop lost') });
});
