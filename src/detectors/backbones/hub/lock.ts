/**
 * Lock files pin which bytes a backbone's name means. One lies in the cache folder; a project may keep another beside its data, so that
 * every machine trains on the same weights.
 */
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../../core/errors.ts';
import { writeJson } from '../../../core/files.ts';
import { holding } from './holding.ts';
import type { Pin } from './lock-schema.ts';

export const lockName = 'backbones.lock.json';

/** Every pin of a lock file by the backbone's name; none when there is no file. Throws LOCK_INVALID. */
export async function readLock(path: string): Promise<Readonly<Record<string, Pin>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw invalid(path, (error as Error).message);
  }
  const { pinsOf } = await import('./lock-schema.ts');
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw invalid(path, 'is not JSON');
  }
  const pins = pinsOf(found);
  if (pins === undefined) throw invalid(path, 'is not a lock file of version 1');
  return pins;
}

function invalid(path: string, what: string): FelfriError {
  return new FelfriError(
    'LOCK_INVALID',
    `${path}: ${what}; restore it from version control, or delete it and fetch the backbones again`,
    { subject: path },
  );
}

/** Adds a pin, or replaces that of the same name; other processes may be adding theirs. */
export async function writePin(path: string, name: string, pin: Pin): Promise<void> {
  await holding(`${path}.held`, {}, async () => {
    const backbones = { ...(await readLock(path)), [name]: pin };
    const sorted = Object.fromEntries(Object.entries(backbones).sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeJson(path, { version: 1, backbones: sorted });
  });
}
