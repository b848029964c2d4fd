/** Which files of a bundle a signature covers: all that a station takes. What a training left beside them (`run/`) is its own business. */
import { join } from 'node:path';
import { isThere, sha256File } from '../../core/files.ts';
import { cardFile } from '../card/render.ts';
import type { BundleManifest } from '../schema.ts';
import type { Hashes } from './envelope.ts';

/** Files that a bundle may have beside those that its manifest lists. */
export const optionalFiles = [cardFile, 'run/test-scores.json', 'run/calibration-scores.json'] as const;

/** Of those that are there. */
export async function coveredHashes(directory: string, manifest: BundleManifest): Promise<Hashes> {
  const hashes: Record<string, string> = {};
  for (const name of ['bundle.json', ...Object.keys(manifest.files).sort(), ...optionalFiles]) {
    const path = join(directory, name);
    if (await isThere(path)) hashes[name] = await sha256File(path);
  }
  return hashes;
}
