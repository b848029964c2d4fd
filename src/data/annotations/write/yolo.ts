/** Writes YOLO segments: labels/ beside images/, with data.yaml. */
import { polygonsOf } from '../trace/polygons.ts';
import { grid, type WriterOf, withExtension } from './writer.ts';

export const yoloWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out, { classes }) => ({
    add: (image) => {
      const { width, height, layers, name } = image;
      // the middle of a pixel, so that neither cutting nor rounding leads to another one
      const share = (v: number, i: number): string => ((v + 0.5) / (i % 2 === 0 ? width : height)).toFixed(8);
      const lines = [...layers].flatMap(([label, data]) =>
        polygonsOf(grid(image, data), 'opencv').map(
          (points) => `${classes.indexOf(label)} ${points.map(share).join(' ')}\n`,
        ),
      );
      return out.write(`labels/${withExtension(name, '.txt')}`, lines.join(''));
    },
    end: async () => {
      const names = classes.map((name, i) => `  ${i}: ${JSON.stringify(name)}\n`);
      await out.write('data.yaml', `path: .\ntrain: images\nval: images\nnames:\n${names.join('')}`);
    },
  }),
};
