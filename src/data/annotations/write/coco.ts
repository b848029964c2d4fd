/** Writes COCO: annotations/instances_default.json, an annotation for each connected region. */
import { encodeCocoString } from '../codecs/coco-string.ts';
import { polygonsOf } from '../trace/polygons.ts';
import { type Piece, regionsOf } from '../trace/regions.ts';
import { grid, type WriterOf } from './writer.ts';

/** Counts of a region, column by column over an image of this size. */
function columnCounts({ left, top, width, height, data }: Piece, imageWidth: number, imageHeight: number): number[] {
  const counts: number[] = [];
  let end = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (!data[y * width + x]) continue;
      const at = (left + x) * imageHeight + top + y;
      if (counts.length > 0 && at === end) counts[counts.length - 1]!++;
      else counts.push(at - end, 1);
      end = at + 1;
    }
  }
  return end < imageWidth * imageHeight ? [...counts, imageWidth * imageHeight - end] : counts;
}

export const cocoWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out, { polygons, classes }) => {
    const images: object[] = [];
    const annotations: object[] = [];
    return {
      add: async (image) => {
        const { width, height, name } = image;
        const id = images.length + 1;
        images.push({ id, file_name: name, width, height });
        for (const [label, data] of image.layers) {
          for (const region of regionsOf(grid(image, data), 8)) {
            const whole = { ...region, left: 0, top: 0 };
            const outlines = polygons
              ? polygonsOf(whole, 'coco').map((points) =>
                  points.map((v, i) => v + (i % 2 === 0 ? region.left : region.top)),
                )
              : undefined;
            annotations.push({
              id: annotations.length + 1,
              image_id: id,
              category_id: classes.indexOf(label) + 1,
              segmentation: outlines ?? {
                size: [height, width],
                counts: encodeCocoString(columnCounts(region, width, height)),
              },
              bbox: [region.left, region.top, region.width, region.height],
              area: region.data.reduce((sum, v) => sum + v, 0),
              iscrowd: 0,
            });
          }
        }
      },
      end: () => {
        const categories = classes.map((name, i) => ({ id: i + 1, name, supercategory: '' }));
        return out.write(
          'annotations/instances_default.json',
          `${JSON.stringify({ images, annotations, categories })}\n`,
        );
      },
    };
  },
};
