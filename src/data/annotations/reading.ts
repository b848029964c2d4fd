/** What annotation files say of the images of a folder, gathered. What is wrong with one image leaves out that image alone. */
import { join, posix } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Problem } from '../listing.ts';
import type { Drawing, Shape, Size } from './drawing.ts';
import type { AnnotatedFolder } from './folder.ts';

/** What one file says of one image. */
export interface Said {
  readonly shapes: readonly Shape[];
  readonly size?: Size;
  /** Coordinates are of the image as it is shown. */
  readonly upright?: true;
  /** Words about the image as a whole: flags, tags, choices. */
  readonly words?: readonly string[];
  /** Nobody has looked at the image yet, as far as the file says, or somebody passed over it. */
  readonly unseen?: 'yet' | 'skipped';
}

export interface AnnotatedImage {
  readonly name: string;
  /** Path of the annotation file, relative to the folder. */
  readonly file: string;
  readonly drawing: Drawing;
  readonly words: readonly string[];
  readonly unseen: Said['unseen'];
}

export class Reading {
  readonly folder: AnnotatedFolder;
  readonly images: AnnotatedImage[] = [];
  readonly problems: Problem[] = [];
  readonly notes: string[] = [];
  /** Marks on images that are not here. */
  readonly homeless: string[] = [];
  readonly #absent: string[] = [];

  constructor(folder: AnnotatedFolder) {
    this.folder = folder;
  }

  /** Takes in what `file` says of the image that it calls `reference`; `read` may throw. */
  take(file: string, reference: string, read: () => Said): void {
    const found = this.folder.finder.find(reference, posix.dirname(file));
    if (found.length === 0) this.#passOver(`${reference} of ${file}`, read);
    else if (found.length > 1)
      this.leaveOut(found, `${file}: '${reference}' may be any of ${found.join(', ')}; state the folder with it`);
    else this.takeFor(file, found[0]!, read);
  }

  /** An image that is not here; what is marked on it, or cannot be read, may be of a renamed photograph. */
  #passOver(what: string, read: () => Said): void {
    this.#absent.push(what);
    try {
      if (read().shapes.length === 0) return;
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
    this.homeless.push(what);
  }

  /** Likewise, for an image that is known. */
  takeFor(file: string, name: string, read: () => Said): void {
    try {
      const { shapes, size, upright, words = [], unseen } = read();
      const drawing = {
        file: join(this.folder.root, file),
        shapes,
        ...(size && { size }),
        ...(upright && { upright }),
      };
      this.images.push({ name, file, drawing, words, unseen });
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
      this.problems.push({ name, code: error.code, message: error.message });
    }
  }

  /** A file that is about an image which is not here, by the file's name. */
  leaveHomeless(file: string): void {
    this.#absent.push(file);
    this.homeless.push(file);
  }

  /** Images of which a file says something that cannot be used. */
  leaveOut(names: readonly string[], message: string): void {
    for (const name of names) this.problems.push({ name, code: 'ANNOTATION_INVALID', message });
  }

  /** Images of which something was taken in from a file. */
  namesFrom(file: string): string[] {
    return this.images.filter((image) => image.file === file).map(({ name }) => name);
  }

  /** Notes on what was passed over. */
  closingNotes(): string[] {
    const absent = this.#absent;
    if (absent.length === 0) return this.notes;
    const some = absent.slice(0, 3).join(', ');
    return [
      ...this.notes,
      `Annotations of ${absent.length} images that are not here were left out (${some}${absent.length > 3 ? ', ...' : ''}).`,
    ];
  }
}
