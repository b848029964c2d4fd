/** Writes felfri's own layout: manifest.csv, with a black and white mask for each defective image. */
import { csvLine } from '../../../core/csv.ts';
import { encodePng } from '../../image/encode.ts';
import { type WriterOf, withExtension } from './writer.ts';

export const manifestWriter: WriterOf = {
  imageFolder: 'images',
  bare: true,
  open: (out) => {
    const lines = ['image,mask,class,part_group'];
    return {
      add: async ({ name, width, height, layers, className, partGroup }) => {
        const mask = layers.size > 0 ? `masks/${withExtension(name, '.png')}` : '';
        if (mask) {
          const data = new Uint8Array(width * height);
          for (const layer of layers.values())
            layer.forEach((v, i) => {
              if (v) data[i] = 255;
            });
          await out.write(mask, await encodePng({ width, height, channels: 1, data }));
        }
        lines.push(csvLine([`images/${name}`, mask, className, partGroup]));
      },
      end: () => out.write('manifest.csv', `${lines.join('\n')}\n`),
    };
  },
};
