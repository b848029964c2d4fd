/** The data folder is for the station's own account: it holds password hashes, and pictures of what a plant makes. */
import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';

/** What this process and those that it starts write from now on is 0600, folders 0700. */
export function keepPrivate(): void {
  process.umask(0o077);
}

/** Shuts others out of a folder that an earlier version made; whoever does not own it leaves it as it is. */
export async function closeFolder(path: string): Promise<void> {
  await chmod(resolve(path), 0o700).catch(() => undefined);
}
