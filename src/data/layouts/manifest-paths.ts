/** Where the files are that a manifest names: also where it was written on a system that does not tell capital letters apart. */
import { readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Problem } from '../listing.ts';
import { folded } from '../spelling.ts';

/** A path of the manifest relative to its folder, '/' between parts; undefined when it leads out of the folder. */
export function insidePath(value: string): string | undefined {
  const path = posix.normalize(value.replaceAll('\\', '/'));
  const leaves = path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/')[0] === '..' || path.includes('\0');
  return leaves || path === '.' ? undefined : path;
}

/** Finds files below a folder by their path, or by the only one that differs in capital letters alone. */
export class ManifestPaths {
  readonly #root: string;
  readonly #names = new Map<string, Promise<readonly string[]>>();
  /** Paths that were found under other capital letters. */
  readonly respelt = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  #namesIn(folder: string): Promise<readonly string[]> {
    const known = this.#names.get(folder);
    if (known) return known;
    const names = readdir(join(this.#root, folder)).catch(() => []);
    this.#names.set(folder, names);
    return names;
  }

  /** The path as the file system spells it; the given one where there is no such file, or several. */
  async locate(path: string): Promise<string> {
    if (await stat(join(this.#root, path)).catch(() => undefined)) return path;
    let found = '';
    for (const part of path.split('/')) {
      const names = await this.#namesIn(found);
      const alike = names.includes(part) ? [part] : names.filter((name) => folded(name) === folded(part));
      if (alike.length !== 1) return path;
      found = found === '' ? alike[0]! : `${found}/${alike[0]}`;
    }
    this.respelt.set(path, found);
    return found;
  }

  /** Why the image or mask `path`, of the image `name`, cannot be used. */
  async problem(name: string, path: string, what: 'image' | 'mask', line: number): Promise<Problem | undefined> {
    const found = await stat(join(this.#root, path)).catch(() => undefined);
    if (found?.isFile() || (found?.isDirectory() && what === 'mask')) return undefined;
    const pixelsOnly = what === 'mask' ? ({ pixelsOnly: true } as const) : {};
    if (found) {
      const message = `${name}: ${what} ${path} of the manifest, row ${line}, is not a file`;
      return { name, code: 'IMAGE_IS_DIRECTORY', message, ...pixelsOnly };
    }
    if (path.includes('\uFFFD')) {
      const message = `${name}: row ${line} of the manifest holds a name that is not valid UTF-8; save it as UTF-8`;
      return { name, code: 'IMAGE_NAME', message, ...pixelsOnly };
    }
    const message = `${name}: row ${line} of the manifest names the ${what} ${path}, but there is no such file`;
    return { name, code: 'IMAGE_MISSING', message, ...pixelsOnly };
  }
}
