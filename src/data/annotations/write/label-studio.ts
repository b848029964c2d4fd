/** Writes Label Studio tasks: tasks.json with brushes, or polygons, and the labelling configuration that they need. */
import { encodeBrush } from '../codecs/brush.ts';
import { countsOf } from '../codecs/runs.ts';
import { polygonsOf } from '../trace/polygons.ts';
import { grid, type MaskedImage, pairs, type WriterOf, xmlText } from './writer.ts';

function regionsOf(image: MaskedImage, polygons: boolean): object[] {
  const { width, height } = image;
  const size = { original_width: width, original_height: height, image_rotation: 0 };
  const named = { from_name: 'label', to_name: 'image', ...size };
  return [...image.layers].flatMap(([label, data]): object[] => {
    if (!polygons) {
      const rle = encodeBrush(
        countsOf(data.length, (i) => data[i]!),
        data.length,
      );
      return [{ type: 'brushlabels', ...named, value: { format: 'rle', rle, brushlabels: [label] } }];
    }
    return polygonsOf(grid(image, data), 'coco').map((points) => {
      const shares = pairs(points).map(([x, y]) => [(100 * x) / width, (100 * y) / height]);
      return { type: 'polygonlabels', ...named, value: { points: shares, closed: true, polygonlabels: [label] } };
    });
  });
}

export const labelStudioWriter: WriterOf = {
  imageFolder: 'images',
  bare: false,
  open: (out, { polygons, classes }) => {
    const tasks: object[] = [];
    return {
      add: async (image) => {
        const result = regionsOf(image, polygons).map((region, i) => ({
          id: `${tasks.length + 1}-${i + 1}`,
          ...region,
        }));
        const path = `images/${image.name}`.split('/').map(encodeURIComponent).join('/');
        tasks.push({ data: { image: `/data/local-files/?d=${path}` }, annotations: [{ result }] });
      },
      end: async () => {
        await out.write('tasks.json', `${JSON.stringify(tasks)}\n`);
        const tag = polygons ? 'PolygonLabels' : 'BrushLabels';
        const labels = classes.map((name) => `    <Label value="${xmlText(name)}"/>\n`);
        const config = `<View>\n  <Image name="image" value="$image"/>\n  <${tag} name="label" toName="image">\n${labels.join('')}  </${tag}>\n</View>\n`;
        await out.write('label-config.xml', config);
      },
    };
  },
};
