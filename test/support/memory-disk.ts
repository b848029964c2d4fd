/**
 * Where tests make their folders: in memory where the machine has much of it, as a station syncs the disk at every decision and tests would
 * wait for that. They end processes and never the machine, to which what a process has written is the same there.
 */
import { accessSync, constants, statfsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const LEAST_BYTES = 4 * 1024 ** 3;
const A_DAY = 86_400_000;

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= LEAST_BYTES;
  } catch {
    return false;
  }
}

export const folderPlace = (): string => (hasRoom() ? memory : tmpdir());
export const folderPrefix = 'felfri-';

/** Gives the memory back that a killed run has left filled. */
export async function removeForgottenFolders(): Promise<void> {
  for (const name of await readdir(memory).catch(() => [])) {
    const path = join(memory, name);
    const changed = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (name.startsWith(folderPrefix) && Date.now() - changed > A_DAY) await rm(path, { recursive: true, force: true });
  }
}
