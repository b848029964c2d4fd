/** The other ways of `felfri train`: from good parts alone, a backbone of one's own, a U-Net on a backbone. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/files.ts';
import { writeSafetensors } from '../../src/core/safetensors.ts';
import { simulateRingFaces } from '../../src/data/simulate/bearing-ring/ring-faces.ts';
import { formulaWeights } from '../formula-weights.ts';
import { temporaryFolders } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();
let data: string;
let work: string;

const small = ['--size', '64', '--batch', '4', '--threads', '1', '--quiet', '--json'];

beforeAll(async () => {
  work = await folder();
  data = join(work, 'data');
  const parts = { seed: 5, parts: 15, imagesPerPart: 3, size: 64, defectiveShare: 0.5, difficulty: 0.5 };
  await simulateRingFaces({ outDir: data, ...parts });
});

describe('felfri', () => {
  it('train unet from good images alone, with synthetic defects', async () => {
    const bundle = join(work, 'synthetic');
    const asked = ['--synthetic', 'only', '--base', '2', '--patch', '32', ...small, '--epochs', '1'];
    const trained = await felfri(['train', 'unet', data, '-o', bundle, ...asked]);
    expect(trained.code).toBe(0);
    const { configuration } = JSON.parse(await readFile(join(bundle, 'run', 'run.json'), 'utf8'));
    expect(configuration.synthetic).toBe(1);
    const rows = (await readFile(join(data, 'manifest.csv'), 'utf8')).split('\n').map((line) => line.split(','));
    const classAt = rows[0]!.indexOf('class');
    const classOf = new Map(rows.slice(1).map((r) => [r[rows[0]!.indexOf('image')], r[classAt]]));
    expect(new Set(configuration.data.trainedOn.map((name: string) => classOf.get(name)))).toEqual(new Set(['good']));
    const refused = await felfri(['train', 'unet', data, '-o', bundle, '--synthetic', 'add', '--synthetic-share', '1']);
    expect(refused.stderr).toContain('OPTION_INVALID');
  });

  it('train backbone, and a flow on what it wrote', async () => {
    const own = join(work, 'own');
    const asked = ['--base', '2', '--patch', '32', ...small, '--epochs', '1', '--json'];
    const trained = await felfri(['train', 'backbone', data, '-o', own, ...asked]);
    expect(trained.code).toBe(0);
    const { backbone, unet } = JSON.parse(trained.stdout);
    const file = join(own, 'backbone.onnx');
    expect(backbone).toEqual({ file, bytes: (await stat(file)).size, sha256: sha256(await readFile(file)) });
    expect(unet.bundle).toBe(own);
    expect((await felfri(['inspect', own, join(data, 'images'), '--json'])).stdout.trim().split('\n').length).toBe(45);
    const bundle = join(work, 'flow-on-own');
    const flow = ['--backbone', `onnx:${file}`, '--directions', '16', ...small, '--epochs', '0'];
    expect((await felfri(['train', 'flow', data, '-o', bundle, ...flow])).code).toBe(0);
    expect(JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')).backbone.name).toBe(`onnx:${file}`);
    const refused = await felfri(['train', 'backbone', data, '-o', join(work, 'x'), '--synthetic', 'add']);
    expect(refused.stderr).toContain('--synthetic');
  });

  it('train backbone --tell-surfaces writes the backbone alone', async () => {
    const own = join(work, 'own-surfaces');
    const asked = ['--tell-surfaces', '--base', '2', '--patch', '32', ...small, '--epochs', '1', '--json'];
    const trained = await felfri(['train', 'backbone', data, '-o', own, ...asked]);
    expect(trained.code).toBe(0);
    const file = join(own, 'backbone.onnx');
    expect(JSON.parse(trained.stdout)).toEqual({
      backbone: { file, bytes: (await stat(file)).size, sha256: sha256(await readFile(file)) },
    });
    const { state, configuration } = JSON.parse(await readFile(join(own, 'run', 'run.json'), 'utf8'));
    expect([state, configuration.detector]).toEqual(['finished', 'surface-backbone']);
  });

  it('train unet on a backbone: the bundle names it, and the way up alone is learned', async () => {
    const weights = join(work, 'b0.safetensors');
    await writeSafetensors(weights, formulaWeights('b0'));
    const bundle = join(work, 'on-backbone');
    const backbone = ['--backbone', 'efficientnet-b0', '--weights', weights];
    const asked = [...backbone, '--base', '2', '--patch', '64', ...small, '--epochs', '1'];
    const trained = await felfri(['train', 'unet', data, '-o', bundle, ...asked]);
    expect(trained.code).toBe(0);
    const manifest = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8'));
    expect(manifest).toMatchObject({ backbone: { name: 'efficientnet-b0' }, settings: { base: 2, exposure: 'raw' } });
    expect(manifest.settings.encoder.fingerprint).toBe(manifest.backbone.fingerprint);
    const inspected = await felfri(['inspect', bundle, join(data, 'images'), '--json']);
    expect(inspected.stdout.trim().split('\n').length).toBe(45);
    const refused = await felfri(['train', 'unet', data, '-o', join(work, 'x'), '--encoder', 'backbone']);
    expect(refused.stderr).toMatch(/OPTION_INVALID.*--backbone efficientnet-b0/);
    const flat = ['--encoder', 'backbone', '--backbone', 'wavelet', ...small];
    expect((await felfri(['train', 'unet', data, '-o', join(work, 'x'), ...flat])).stderr).toMatch(/--encoder learned/);
  });
});
