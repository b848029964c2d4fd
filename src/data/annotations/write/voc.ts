/** Writes Pascal VOC: boxes of connected regions in Annotations/, and the pixels in SegmentationClass/. */
import { posix } from 'node:path';
import { regionsOf } from '../trace/regions.ts';
import { writeClassPng, writeLists } from './class-png.ts';
import { grid, type MaskedImage, type WriterOf, withExtension, xmlText } from './writer.ts';

function objectsOf(image: MaskedImage): string[] {
  return [...image.layers].flatMap(([label, data]) =>
    regionsOf(grid(image, data), 8).map(({ left, top, width, height }) => {
      const box = `<xmin>${left + 1}</xmin><ymin>${top + 1}</ymin><xmax>${left + width}</xmax><ymax>${top + height}</ymax>`;
      return `  <object><name>${xmlText(label)}</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult><bndbox>${box}</bndbox></object>`;
    }),
  );
}

export const vocWriter: WriterOf = {
  imageFolder: 'JPEGImages',
  bare: false,
  open: (out, { classes }) => {
    const names: string[] = [];
    return {
      add: async (image) => {
        const { name, width, height, layers } = image;
        names.push(name);
        const text = [
          '<annotation>',
          `  <folder>${xmlText(posix.join('JPEGImages', posix.dirname(name)))}</folder>`,
          `  <filename>${xmlText(posix.basename(name))}</filename>`,
          `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
          `  <segmented>${layers.size > 0 ? 1 : 0}</segmented>`,
          ...objectsOf(image),
          '</annotation>',
          '',
        ];
        await out.write(`Annotations/${withExtension(name, '.xml')}`, text.join('\n'));
        await writeClassPng(out, image, classes);
      },
      end: () => writeLists(out, classes, names),
    };
  },
};
