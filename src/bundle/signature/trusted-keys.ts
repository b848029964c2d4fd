/**
 * A folder that says whose signatures count: a public key for each `NAME.pub.pem`, and a `*.revoked.json` for each key that counts no more,
 * whenever it signed. Whoever may write to the folder decides; it is read anew each time, so that it may be copied over while a station runs.
 */

import type { KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type, Value } from '../../core/schema.ts';
import { systemError } from '../../core/system-errors.ts';
import { keyId, keyRefused, publicEnding, readPublicKey } from './keys.ts';

export const revokedEnding = '.revoked.json';

const Revocation = Type.Object({
  /** Id of the key. */
  key: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  at: Type.String(),
  reason: Type.String(),
});
export type Revocation = Static<typeof Revocation>;

export interface TrustedKey {
  readonly name: string;
  readonly id: string;
  readonly key: KeyObject;
  /** Null while it counts. */
  readonly revoked: Revocation | null;
}

async function readRevocation(path: string): Promise<Revocation> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw systemError(cause, path) ?? keyRefused(path, 'it is not JSON', cause);
  }
  if (Value.Check(Revocation, json)) return json;
  throw keyRefused(path, 'it is no revocation, such as felfri key revoke writes');
}

/** By name. Throws KEY_INVALID for anything in it that cannot be read, since what it was meant to say is unknown; and PATH_UNUSABLE. */
export async function readTrustedKeys(folder: string): Promise<TrustedKey[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw systemError(error, folder) ?? error;
  });
  const revocations = new Map<string, Revocation>();
  for (const name of names.filter((one) => one.endsWith(revokedEnding))) {
    const revocation = await readRevocation(join(folder, name));
    revocations.set(revocation.key, revocation);
  }
  const keys: TrustedKey[] = [];
  for (const name of names.filter((one) => one.endsWith('.pem')).sort()) {
    const key = await readPublicKey(join(folder, name));
    const id = keyId(key);
    const shown = name.endsWith(publicEnding) ? name.slice(0, -publicEnding.length) : name.slice(0, -'.pem'.length);
    keys.push({ name: shown, id, key, revoked: revocations.get(id) ?? null });
  }
  if (keys.length === 0) throw keyRefused(folder, `there is no key in it; put a NAME${publicEnding} there`);
  return keys;
}
