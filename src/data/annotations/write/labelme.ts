/** Writes LabelMe: a JSON file beside each image; pieces of one region share a group. */
import { posix } from 'node:path';
import { polygonsOf } from '../trace/polygons.ts';
import { regionsOf } from '../trace/regions.ts';
import { grid, pairs, type WriterOf, withExtension } from './writer.ts';

export const labelmeWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out) => ({
    add: (image) => {
      let group = 0;
      const shapes = [...image.layers].flatMap(([label, data]) =>
        regionsOf(grid(image, data), 8).flatMap((region) => {
          group++;
          return polygonsOf({ ...region, data: region.data }, 'pillow').map((points) => ({
            label,
            points: pairs(points.map((v, i) => v + (i % 2 === 0 ? region.left : region.top))),
            group_id: group,
            shape_type: 'polygon',
            flags: {},
          }));
        }),
      );
      const { width, height, name } = image;
      const file = {
        version: '5.4.1',
        flags: {},
        shapes,
        imagePath: posix.basename(name),
        imageData: null,
        imageHeight: height,
        imageWidth: width,
      };
      return out.write(`images/${withExtension(name, '.json')}`, `${JSON.stringify(file)}\n`);
    },
    end: async () => undefined,
  }),
};
