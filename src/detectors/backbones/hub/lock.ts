/**
 * Lock files pin which bytes a backbone's name means. One lies in the cache folder; a project may keep another beside its data, so that
 * every machine trains on the same weights.
 */
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../../core/errors.ts';
import { writeJson } from '../../../core/files.ts';
import { type Static, Type, Value } from '../../../core/schema.ts';
import { holding } from './holding.ts';

export const lockName = 'backbones.lock.json';

const Pin = Type.Object({
  repository: Type.String(),
  /** Commit that the revision stood for; null when the hub did not say, or the file was brought by hand. */
  commit: Type.Union([Type.String({ pattern: '^[0-9a-f]{40}$' }), Type.Null()]),
  file: Type.String(),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

const LockFile = Type.Object({
  version: Type.Literal(1),
  backbones: Type.Record(Type.String(), Pin),
});

/** What a name stands for, from the first use on. */
export type Pin = Static<typeof Pin>;

/** Every pin of a lock file by the backbone's name; none when there is no file. Throws LOCK_INVALID. */
export async function readLock(path: string): Promise<Readonly<Record<string, Pin>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw invalid(path, (error as Error).message);
  }
  try {
    const found: unknown = JSON.parse(text);
    if (Value.Check(LockFile, found)) return found.backbones;
  } catch {
    throw invalid(path, 'is not JSON');
  }
  throw invalid(path, 'is not a lock file of version 1');
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
