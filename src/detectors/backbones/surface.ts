/** The backbone that felfri brings along: the way down of a U-Net that learned on simulated surfaces alone (docs/backbones.md). */
import { fileURLToPath } from 'node:url';
import { FelfriError } from '../../core/errors.ts';
import { sha256File } from '../../core/files.ts';
import type { Backbone } from './backbone.ts';
import { onnxBackbone } from './onnx-backbone.ts';

/** Beside `src` and `dist` alike. */
export const surfaceBackboneFile = fileURLToPath(new URL('../../../weights/surface.onnx', import.meta.url));

/** Of the file; the table in docs/backbones.md states it too. */
export const surfaceBackboneSha256 = '304ffdf17ea8a89319b5cbe50f6931ab540534d3d78f778c8e9087a8372d16f0';

/** Opens the file that felfri was shipped with. Throws MODEL_INVALID when it is missing or not that file. */
export async function surfaceBackbone(): Promise<Backbone> {
  const backbone = await onnxBackbone({ file: surfaceBackboneFile });
  const found = await sha256File(surfaceBackboneFile);
  if (found !== surfaceBackboneSha256) {
    throw new FelfriError(
      'MODEL_INVALID',
      `${surfaceBackboneFile} has SHA-256 ${found}; the one felfri was shipped with has ${surfaceBackboneSha256}. Install felfri again`,
      { subject: surfaceBackboneFile },
    );
  }
  return { ...backbone, name: 'surface', licence: 'Apache-2.0' };
}
