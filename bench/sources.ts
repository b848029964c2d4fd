/** Ages of files, to tell whether something made of them is out of date. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Time of the newest file of a folder, in milliseconds since 1970. */
export async function newestSource(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const times = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs));
  return Math.max(...times);
}
