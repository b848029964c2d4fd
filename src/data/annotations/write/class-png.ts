/** Writes masks by class number as PNGs with VOC's palette: SegmentationClass/, with labelmap.txt as CVAT has it. */
import { palettePng } from '../../image/png.ts';
import { vocColour } from '../formats/class-masks.ts';
import { type MaskedImage, type OutFolder, type WriterOf, withExtension } from './writer.ts';

/** VOC's palette, which says by what colour a class is shown. */
const colours = Uint8Array.from(Array.from({ length: 256 }, (_, i) => vocColour(i)).flat());

/** Class numbers of an image's pixels, 0 for background; a later label covers an earlier one. */
export function writeClassPng(out: OutFolder, image: MaskedImage, classes: readonly string[]): Promise<void> {
  const { width, height, layers, name } = image;
  const numbers = new Uint8Array(width * height);
  for (const [label, data] of layers) {
    const number = classes.indexOf(label) + 1;
    data.forEach((value, i) => {
      if (value) numbers[i] = number;
    });
  }
  return out.write(
    `SegmentationClass/${withExtension(name, '.png')}`,
    palettePng({ width, height, data: numbers }, { colours }),
  );
}

/** Writes what belongs to all masks: the names of the classes, and the list of the images that VOC's readers ask for. */
export async function writeLists(out: OutFolder, classes: readonly string[], names: readonly string[]): Promise<void> {
  const lines = ['background', ...classes].map((name, i) => `${name.replaceAll(':', ' ')}:${vocColour(i).join(',')}::`);
  await out.write('labelmap.txt', `# label:color_rgb:parts:actions\n${lines.join('\n')}\n`);
  const bare = names.map((name) => `${withExtension(name, '')}\n`).join('');
  for (const task of ['Main', 'Segmentation']) await out.write(`ImageSets/${task}/default.txt`, bare);
}

export const classPngWriter: WriterOf = {
  imageFolder: 'JPEGImages',
  bare: false,
  open: (out, { classes }) => {
    const names: string[] = [];
    return {
      add: (image) => {
        names.push(image.name);
        return writeClassPng(out, image, classes);
      },
      end: () => writeLists(out, classes, names),
    };
  },
};
