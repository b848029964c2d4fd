/** Writes run lengths as Severstal's train.csv: classes are numbers from 1, whose names are the lines of classes.txt. */
import { csvLine } from '../../../core/csv.ts';
import { countsOf, runsOfCounts } from '../codecs/runs.ts';
import type { WriterOf } from './writer.ts';

export const severstalWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out, { classes }) => {
    const lines = ['ImageId,ClassId,EncodedPixels'];
    return {
      add: async ({ name, width, height, layers }) => {
        // an image without a row would be one that nobody has looked at
        if (layers.size === 0) lines.push(csvLine([name, 1, null]));
        for (const [label, data] of layers) {
          const runs = runsOfCounts(countsOf(data.length, (i) => data[(i % height) * width + Math.floor(i / height)]!));
          const pixels = runs.map((v, i) => (i % 2 === 0 ? v + 1 : v)).join(' ');
          lines.push(csvLine([name, classes.indexOf(label) + 1, pixels]));
        }
      },
      end: async () => {
        await out.write('train.csv', `${lines.join('\n')}\n`);
        await out.write('classes.txt', `${classes.join('\n')}\n`);
      },
    };
  },
};
