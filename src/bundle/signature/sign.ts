/** Signing a bundle: every file of it is hashed, and the list of hashes is signed. */
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../../core/files.ts';
import { felfriVersion } from '../../core/version.ts';
import { readContent } from '../content.ts';
import { coveredHashes } from './covered-files.ts';
import { type Hashes, parseEnvelope, signatureFile, signedBy, statementOf } from './envelope.ts';
import { keyId } from './keys.ts';

export interface SignedBundle {
  /** Id of the key. */
  readonly key: string;
  /** Ids of all that signed these files now. */
  readonly keys: readonly string[];
  readonly files: Hashes;
}

const isSame = (a: Hashes, b: Hashes): boolean => {
  const text = (hashes: Hashes): string => JSON.stringify(Object.entries(hashes).sort());
  return text(a) === text(b);
};

/**
 * Signs a whole bundle. A signature of the very same files stays beside the new one, as when keys change; one of other files, of before a
 * calibration, is replaced. Throws BUNDLE_INVALID where the bundle is not whole, and TENSOR_FILE.
 */
export async function signBundle(directory: string, key: KeyObject, note: string | null): Promise<SignedBundle> {
  const { manifest } = await readContent(directory);
  const files = await coveredHashes(directory, manifest);
  const path = join(directory, signatureFile);
  const former = parseEnvelope(await readFile(path, 'utf8').catch(() => ''));
  const predicate = { detector: manifest.detector, felfri: felfriVersion, signedAt: new Date().toISOString(), note };
  const start = former && isSame(former.files, files) ? former.envelope : statementOf(files, predicate);
  const envelope = signedBy(start, key);
  await writeJson(path, envelope);
  return { key: keyId(key), keys: envelope.signatures.map(({ keyid }) => keyid), files };
}
