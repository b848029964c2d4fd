/** The files of a data set folder as readers of annotations need them: which image is meant by a name in a file. */
import { posix } from 'node:path';
import { foldersOf } from '../layouts/folders-of-masks.ts';
import { stem } from '../layouts/layout.ts';
import { isGoodName, saysDefective, sideOf } from '../layouts/words.ts';
import { folded } from '../spelling.ts';

/** Images by what annotation files call them: spelt alike, else where capital letters do not count. */
export class ImageFinder {
  readonly #spelt: Index;
  readonly #folded: Index;

  /** Paths relative to the folder, '/' between parts. */
  constructor(images: readonly string[]) {
    this.#spelt = new Index(images, (name) => name);
    this.#folded = new Index(images, folded);
  }

  /** Images of this path without extension. */
  ofStem(path: string): readonly string[] {
    const spelt = this.#spelt.ofStem(path);
    return spelt.length > 0 ? spelt : this.#folded.ofStem(path);
  }

  /**
   * The image that a file in the folder `near` means by `reference`: the one there, the one of this path below the data set,
   * else the only one whose path ends alike. Several are all given, and none is an empty list.
   */
  find(reference: string, near: string): readonly string[] {
    const path = posix.normalize(reference.replaceAll('\\', '/').replace(/^[a-z]:/i, '')).replace(/^(\.?\/)+/, '');
    const spelt = this.#spelt.find(path, near);
    return spelt.length > 0 ? spelt : this.#folded.find(path, near);
  }
}

const numberless = (folder: string): string => folder.replace(/\d+/g, '#');

/**
 * Whether folders say that an image of the same name is another one: train/1.png is not test/1.png, good/1.png not scratch/1.png,
 * and camera1/1.png not camera2/1.png.
 */
function isOfAnother(stated: readonly string[], own: readonly string[]): boolean {
  const differ = (say: (folder: string) => string | undefined): boolean => {
    const [one, other] = [stated, own].map((folders) => folders.findLast((folder) => say(folder) !== undefined));
    return one !== undefined && other !== undefined && say(one) !== say(other);
  };
  const [parent = '', ownParent = ''] = [stated.at(-1), own.at(-1)];
  const numbered = numberless(parent) === numberless(ownParent) && folded(parent) !== folded(ownParent);
  const verdict = (folder: string) => (isGoodName(folder) ? 'good' : saysDefective(folder) ? 'defective' : undefined);
  return (parent !== '' && numbered) || differ((folder) => sideOf(folder.replace(/\d+$/, ''))) || differ(verdict);
}

/** Images by path, name and path without ending, each under one spelling. */
class Index {
  readonly #spell: (name: string) => string;
  readonly #byPath = new Map<string, string[]>();
  readonly #byBase = new Map<string, string[]>();
  readonly #byStem = new Map<string, string[]>();

  constructor(images: readonly string[], spell: (name: string) => string) {
    this.#spell = spell;
    for (const image of images) {
      this.#add(this.#byPath, image, image);
      this.#add(this.#byBase, posix.basename(image), image);
      this.#add(this.#byStem, stem(image), image);
    }
  }

  #add(map: Map<string, string[]>, name: string, image: string): void {
    const key = this.#spell(name);
    const list = map.get(key);
    if (list) list.push(image);
    else map.set(key, [image]);
  }

  ofStem(path: string): readonly string[] {
    return this.#byStem.get(this.#spell(path)) ?? [];
  }

  find(path: string, near: string): readonly string[] {
    // beside the file, beside its folder, or below the data set
    const places = [near, posix.join(near, '..', 'images'), posix.join(near, 'images'), '', 'images', 'JPEGImages'];
    for (const place of places) {
      const there = this.#byPath.get(this.#spell(posix.join(place, path)));
      if (there) return there;
    }
    const parts = path.split('/');
    const alike = this.#byBase.get(this.#spell(posix.basename(path))) ?? [];
    let found: readonly string[] = alike.filter((image) => !isOfAnother(parts.slice(0, -1), foldersOf(image)));
    for (let n = 2; n <= parts.length && found.length > 1; n++) {
      const tail = this.#spell(`/${parts.slice(-n).join('/')}`);
      const narrower = found.filter((image) => this.#spell(`/${image}`).endsWith(tail));
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
