/** How converted images are written: every format gets masks by label, and writes its own files. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../../core/files.ts';
import type { Size } from '../drawing.ts';

/** An image to be written; masks are [height, width], 1 where marked. */
export interface MaskedImage extends Size {
  /** Path of the image below the folder of images, '/' between parts. */
  readonly name: string;
  readonly label: 'good' | 'defective';
  readonly className: string;
  readonly partGroup: string;
  /** Empty for a good image. */
  readonly layers: ReadonlyMap<string, Uint8Array>;
}

/** A new folder. A file is written once, and never over another. */
export class OutFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const whole = join(this.root, path);
    await makeFolder(dirname(whole));
    await writeFile(whole, content, { flag: 'wx' });
  }
}

interface WriteOptions {
  /** Polygons where the format also has masks. */
  readonly polygons: boolean;
  /** All labels, sorted. */
  readonly classes: readonly string[];
}

export interface Writer {
  add(image: MaskedImage): Promise<void>;
  end(): Promise<void>;
}

export interface WriterOf {
  /** Where images go. */
  readonly imageFolder: string;
  /** Whether a defective image can be written without a mask. */
  readonly bare: boolean;
  readonly open: (out: OutFolder, options: WriteOptions) => Writer;
}

/** A path with another extension. */
export const withExtension = (path: string, extension: string): string => path.replace(/\.[^./]*$/, '') + extension;

export const grid = ({ width, height }: Size, data: Uint8Array) => ({ width, height, data });

/** Points in pairs. */
export const pairs = (points: readonly number[]): (readonly [number, number])[] =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in XML; what XML cannot hold is left out. */
export const xmlText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"]/g, (c) => entities[c]!);
