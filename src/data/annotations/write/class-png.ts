/** Writes masks by class number as PNGs with VOC's palette: SegmentationClass/, with labelmap.txt as CVAT has it. */
import { crc32, deflateSync } from 'node:zlib';
import { vocColour } from '../formats/class-masks.ts';
import { type MaskedImage, type OutFolder, type WriterOf, withExtension } from './writer.ts';

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** PNG bytes of class numbers; sharp chooses its own palette, so it cannot write these. */
function palettePng(width: number, height: number, numbers: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(numbers.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const palette = Uint8Array.from(Array.from({ length: 256 }, (_, i) => vocColour(i)).flat());
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const parts = [
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ];
  return Buffer.concat(parts);
}

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
  return out.write(`SegmentationClass/${withExtension(name, '.png')}`, palettePng(width, height, numbers));
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
