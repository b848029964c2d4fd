/** Image files that arguments of a command name. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { isImageFile } from '../data/listing.ts';

/** The files that the arguments name; a folder stands for the images in it, in order of name. Throws IMAGE_MISSING where there are none. */
export async function imageFiles(paths: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    const folder = await stat(path).then(
      (s) => s.isDirectory(),
      () => false,
    );
    if (!folder) out.push(path);
    else {
      const names = (await readdir(path)).filter((name) => isImageFile(name)).sort();
      out.push(...names.map((name) => join(path, name)));
    }
  }
  if (out.length === 0)
    throw new FelfriError(
      'IMAGE_MISSING',
      `no image in ${paths.join(', ')}; legal are image files and folders of them`,
    );
  return out;
}
