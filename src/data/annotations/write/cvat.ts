/** Writes CVAT for images 1.1: annotations.xml, a mask for each connected region, or polygons. */
import { countsOf } from '../codecs/runs.ts';
import { polygonsOf } from '../trace/polygons.ts';
import { regionsOf } from '../trace/regions.ts';
import { grid, type MaskedImage, pairs, type WriterOf, xmlText } from './writer.ts';

function shapesOf(image: MaskedImage, label: string, data: Uint8Array, polygons: boolean): string[] {
  const common = `label="${xmlText(label)}" source="manual" occluded="0"`;
  if (polygons) {
    return polygonsOf(grid(image, data), 'coco').map((points) => {
      const text = pairs(points).map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`);
      return `    <polygon ${common} points="${text.join(';')}" z_order="0"/>`;
    });
  }
  return regionsOf(grid(image, data), 8).map((region) => {
    const counts = countsOf(region.data.length, (i) => region.data[i]!);
    const { left, top, width, height } = region;
    return `    <mask ${common} rle="${counts.join(', ')}" left="${left}" top="${top}" width="${width}" height="${height}" z_order="0"/>`;
  });
}

export const cvatWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out, { polygons, classes }) => {
    const lines: string[] = [];
    let id = 0;
    return {
      add: async (image) => {
        const { name, width, height, layers } = image;
        lines.push(`  <image id="${id++}" name="${xmlText(name)}" width="${width}" height="${height}">`);
        for (const [label, data] of layers) lines.push(...shapesOf(image, label, data, polygons));
        lines.push('  </image>');
      },
      end: () => {
        const labels = classes.map((name) => `<label><name>${xmlText(name)}</name><attributes></attributes></label>`);
        const meta = `  <meta><task><labels>${labels.join('')}</labels></task></meta>`;
        const text = [
          '<?xml version="1.0" encoding="utf-8"?>',
          '<annotations>',
          '  <version>1.1</version>',
          meta,
          ...lines,
          '</annotations>',
          '',
        ];
        return out.write('annotations.xml', text.join('\n'));
      },
    };
  },
};
