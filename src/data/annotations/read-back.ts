/** What was converted, read back and compared with what it was made of, pixel by pixel and label by label. */
import { FelfriError } from '../../core/errors.ts';
import { recogniseDataSet } from '../dataset.ts';
import { decodePixels } from '../image/decode.ts';
import { readImageBytes } from '../image/files.ts';
import type { Problem } from '../listing.ts';
import { readTrustedMask } from '../masks/read.ts';
import type { PartImage } from '../part-image.ts';
import { paintLabels } from './paint.ts';
import type { MaskedImage } from './write/writer.ts';

/** The masks of an image by label. Throws what reading an image or its mask throws. */
export async function layersOf(image: PartImage): Promise<Pick<MaskedImage, 'width' | 'height' | 'layers'>> {
  const { width, height } = await decodePixels(await readImageBytes(image.path, image.raw), image.path);
  const { mask, drawing } = image;
  if (mask === undefined) return { width, height, layers: new Map() };
  const pixels = await readTrustedMask({ ...image, mask }, { width, height });
  if (image.label === 'good') return { width, height, layers: new Map() };
  return {
    width,
    height,
    layers: drawing ? paintLabels(drawing, { width, height }) : new Map([[image.className, pixels]]),
  };
}

export const problemOf = (name: string, error: unknown): Problem => {
  if (!(error instanceof FelfriError)) throw error;
  return { name, code: error.code, message: error.message };
};

const joined = (layers: ReadonlyMap<string, Uint8Array>, size: number): Uint8Array => {
  const all = new Uint8Array(size);
  for (const layer of layers.values())
    layer.forEach((v, i) => {
      if (v) all[i] = 1;
    });
  return all;
};

/** What differs between what was written and what is read back, in pixels and images. */
export interface Difference {
  pixels: number;
  lost: number;
  added: number;
  readonly changed: string[];
  readonly problems: Problem[];
}

/** Compares an image with what was read back of it. A label that no longer says the same pixels is a change too. */
async function compare(before: PartImage, after: PartImage, found: Difference, byClass: boolean): Promise<void> {
  const [one, other] = [await layersOf(before), await layersOf(after)];
  const size = one.width * one.height;
  const [a, b] = [joined(one.layers, size), joined(other.layers, size)];
  let [lost, added] = [0, 0];
  a.forEach((v, i) => {
    if (v > b[i]!) lost++;
    if (v < b[i]!) added++;
    found.pixels += v;
  });
  found.lost += lost;
  found.added += added;
  const labels =
    byClass &&
    [...one.layers].some(([label, data]) => Buffer.compare(data, other.layers.get(label) ?? Buffer.alloc(0)) !== 0);
  if (lost + added > 0 || labels || before.label !== after.label) found.changed.push(before.name);
}

/**
 * Recognises the folder `output` and compares each written image with what is found of it there. `byClass` says that labels are
 * of pixels, not of the image alone.
 */
export async function readBack(
  written: readonly PartImage[],
  output: string,
  byClass: boolean,
  onProgress?: (done: number, total: number) => void,
): Promise<Difference> {
  const found: Difference = { pixels: 0, lost: 0, added: 0, changed: [], problems: [] };
  if (written.length === 0) return found;
  const { images, problems } = await recogniseDataSet(output);
  const byPath = new Map(images.map((image) => [image.name, image]));
  const said = new Map(problems.map((problem) => [problem.name, problem]));
  for (const [i, before] of written.entries()) {
    const { name } = before;
    const after = byPath.get(name);
    try {
      if (after) await compare(before, after, found, byClass);
      else
        found.problems.push(
          said.get(name) ?? { name, code: 'ANNOTATION_MISSING', message: `${name}: not found when read back` },
        );
    } catch (error) {
      found.problems.push(problemOf(name, error));
    }
    onProgress?.(i + 1, written.length);
  }
  return found;
}
