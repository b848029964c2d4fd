/**
 * The part of a file that has come so far, `<file>.part`, and beside it what file it is a part of, `<file>.part.json`, so that a later
 * run can go on where this one stopped.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { writeJson } from '../../../core/files.ts';

/** What tells one version of a file from another. */
export interface Identity {
  readonly address: string;
  /** Strong entity tag of the response that brought the bytes. */
  readonly etag?: string;
  /** SHA-256 that the hub stated. */
  readonly sha256?: string;
}

export interface Part {
  readonly bytes: number;
  readonly of: Identity | undefined;
}

const notesOf = (part: string): string => `${part}.json`;

async function identityOf(part: string): Promise<Identity | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(notesOf(part), 'utf8'));
    const { address, etag, sha256 } = found as Record<string, unknown>;
    if (typeof address !== 'string') return undefined;
    return {
      address,
      ...(typeof etag === 'string' && { etag }),
      ...(typeof sha256 === 'string' && { sha256 }),
    };
  } catch {
    // without its notes a part cannot be trusted to be of this file, and counts for nothing
    return undefined;
  }
}

/** What there is of a part; no bytes when there is none, or none that can be gone on from. */
export async function findPart(path: string, address: string): Promise<Part> {
  const of = await identityOf(path);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  const usable = of?.address === address && (of.etag !== undefined || of.sha256 !== undefined);
  return usable ? { bytes: size, of } : { bytes: 0, of: undefined };
}

export async function notePart(path: string, identity: Identity): Promise<void> {
  await writeJson(notesOf(path), identity);
}

export async function removePart(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(notesOf(path), { force: true });
}
