import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { knownBackbone } from './hub/catalogue.ts';
import { cachedPath, storeOf } from './hub/store.ts';
import { openBackbone } from './select.ts';
import { isHere, legalBackbones, namedBackbones, requireHere } from './table.ts';

const folder = temporaryFolders();
afterEach(() => vi.unstubAllEnvs());

describe('the table of backbones', () => {
  it('opens every one that felfri brings along, under its name', async () => {
    for (const { name, known } of namedBackbones) {
      if (known === null) expect((await openBackbone(name)).name).toBe(name);
      expect(legalBackbones).toContain(name);
    }
  });

  it('knows which are on this machine', async () => {
    vi.stubEnv('FELFRI_CACHE', await folder());
    const names = namedBackbones.filter(isHere).map(({ name }) => name);
    expect(names).toEqual(['wavelet', 'scattering', 'surface']);
    expect(requireHere('surface')).toMatchObject({ name: 'surface', encoder: false });
    const path = cachedPath(storeOf({}), knownBackbone('efficientnet-b0')!);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'weights');
    expect(requireHere('efficientnet-b0')).toMatchObject({ encoder: true });
    expect(() => requireHere('efficientnet-b1')).toThrow(expect.objectContaining({ code: 'BACKBONE_MISSING' }));
  });

  it.each(['resnet', 'onnx:/etc/passwd', '', 'toString'])('refuses "%s" by its name', (name) => {
    expect(() => requireHere(name)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('legal are wavelet, scattering, surface'),
      }),
    );
  });
});
