/** The files of a data set folder as readers of annotations need them: which image is meant by a name in a file. */
import { posix } from 'node:path';
import { stem } from '../layouts/layout.ts';

/** Images by what annotation files call them. */
export class ImageFinder {
  readonly #all: ReadonlySet<string>;
  readonly #byBase = new Map<string, string[]>();
  readonly #byStem = new Map<string, string[]>();

  /** Paths relative to the folder, '/' between parts. */
  constructor(images: readonly string[]) {
    this.#all = new Set(images);
    for (const image of images) {
      this.#add(this.#byBase, posix.basename(image), image);
      this.#add(this.#byStem, stem(image), image);
    }
  }

  #add(map: Map<string, string[]>, key: string, image: string): void {
    const list = map.get(key);
    if (list) list.push(image);
    else map.set(key, [image]);
  }

  /** Images of this path without extension. */
  ofStem(path: string): readonly string[] {
    return this.#byStem.get(path) ?? [];
  }

  /**
   * The image that a file in the folder `near` means by `reference`: the one there, the one of this path below the data set,
   * else the only one whose path ends alike. Several are all given, and none is an empty list.
   */
  find(reference: string, near: string): readonly string[] {
    const path = posix.normalize(reference.replaceAll('\\', '/').replace(/^[a-z]:/i, '')).replace(/^(\.?\/)+/, '');
    // beside the file, beside its folder, or below the data set
    const places = [near, posix.join(near, '..', 'images'), posix.join(near, 'images'), '', 'images', 'JPEGImages'];
    for (const candidate of places.map((place) => posix.join(place, path)))
      if (this.#all.has(candidate)) return [candidate];
    let found: readonly string[] = this.#byBase.get(posix.basename(path)) ?? [];
    const parts = path.split('/');
    for (let n = 2; n <= parts.length && found.length > 1; n++) {
      const tail = `/${parts.slice(-n).join('/')}`;
      const narrower = found.filter((image) => `/${image}`.endsWith(tail));
      if (narrower.length > 0) found = narrower;
    }
    return found;
  }
}

export interface AnnotatedFolder {
  /** Absolute. */
  readonly root: string;
  /** Photographs: paths relative to the root, sorted. */
  readonly images: readonly string[];
  /** Images in folders of masks by class number, likewise. */
  readonly classMasks: readonly string[];
  /** All other files, likewise. */
  readonly files: readonly string[];
  readonly finder: ImageFinder;
}
