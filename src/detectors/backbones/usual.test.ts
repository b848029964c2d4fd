import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { formulaWeights } from '../../../test/formula-weights.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { sha256 } from '../../core/files.ts';
import { settle } from '../../core/options.ts';
import { writeSafetensors } from '../../core/safetensors.ts';
import { flowOptions } from '../flow/options.ts';
import { flowSettings } from '../flow/settings.ts';
import { knownBackbone } from './hub/catalogue.ts';
import { writePin } from './hub/lock.ts';
import { cachedPath, storeOf } from './hub/store.ts';
import { usualBackbone } from './usual.ts';

const folder = temporaryFolders();
beforeEach(async () => vi.stubEnv('FELFRI_CACHE', await folder()));
afterEach(() => vi.unstubAllEnvs());

/** Weights by a formula, pinned and in the cache as if fetched. */
async function fetched(name: 'efficientnet-b0' | 'efficientnet-b1'): Promise<void> {
  const known = knownBackbone(name)!;
  const store = storeOf({});
  const path = cachedPath(store, known);
  await mkdir(dirname(path), { recursive: true });
  await writeSafetensors(path, formulaWeights(name === 'efficientnet-b0' ? 'b0' : 'b1', 'timm'));
  const bytes = await readFile(path);
  const { repository, file } = known;
  await writePin(store.lock, name, { repository, commit: null, file, bytes: bytes.length, sha256: sha256(bytes) });
}

const settings = (given: object) => flowSettings(settle(flowOptions, given, 'line'), given);

it('is the wavelet where nothing was fetched, and says what would be better', () => {
  expect(usualBackbone()).toEqual({
    name: 'wavelet',
    statement: expect.stringContaining('felfri backbone fetch efficientnet-b0 (21.4 MB'),
  });
});

it('is the best of those whose files are there, in the order of the figures', async () => {
  for (const name of ['efficientnet-b7', 'efficientnet-lite1', 'efficientnet-lite0', 'efficientnet-b0'] as const) {
    const path = cachedPath(storeOf({}), knownBackbone(name)!);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'weights');
    // what was not measured is not taken unasked
    expect(usualBackbone().name).toBe(name === 'efficientnet-b7' ? 'wavelet' : name);
  }
});

it('is what a flow takes without a word, and never in place of one that was named', async () => {
  const before = await settings({});
  expect([before.backbone.name, before.backboneChosen]).toEqual(['wavelet', usualBackbone().statement]);
  await fetched('efficientnet-b0');
  const after = await settings({});
  expect([after.backbone.name, after.backbone.licence, after.backbone.channels]).toEqual([
    'efficientnet-b0',
    'Apache-2.0',
    448,
  ]);
  expect(after.backboneChosen).toContain('efficientnet-b0 (Apache-2.0)');
  const named = await settings({ backbone: 'wavelet' });
  expect([named.backbone.name, named.backboneChosen]).toEqual(['wavelet', undefined]);
});

it('is the network that given weights are of', async () => {
  const weights = `${await folder()}/some.safetensors`;
  await writeSafetensors(weights, formulaWeights('lite0'));
  const { backbone, backboneChosen } = await settings({ weights });
  expect([backbone.name, backboneChosen]).toEqual(['efficientnet-lite0', undefined]);
});
