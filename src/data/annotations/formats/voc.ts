/** Pascal VOC: an XML file of boxes for each image. Its masks by class number are read by `class-masks.ts`. */
import { posix } from 'node:path';
import { invalidAt, numberAt, shown, textAt, wholeAt } from '../document.ts';
import type { Shape } from '../drawing.ts';
import type { Reading } from '../reading.ts';
import { childrenOf, childText, type XmlElement } from '../xml.ts';
import type { FileReader } from './format.ts';

function shapeOf(path: string, index: number, object: XmlElement): Shape {
  const unnamed = { file: path, what: `object ${index + 1}` };
  const label = textAt(unnamed, 'name', childText(object, 'name'));
  const place = { file: path, what: `object ${index + 1} (${label})` };
  const [box] = childrenOf(object, 'bndbox');
  if (box === undefined) throw invalidAt(place, 'it has no bndbox');
  const side = (name: string): number => numberAt(place, name, childText(box, name));
  const [x0, y0, x1, y1] = [side('xmin'), side('ymin'), side('xmax'), side('ymax')];
  if (x1 < x0 || y1 < y0) throw invalidAt(place, 'a side of its box is negative');
  // pixels are counted from 1, and xmax and ymax belong to the box
  return { label, rough: true, geometry: { kind: 'box', x0: x0 - 1, y0: y0 - 1, x1, y1 } };
}

function read(root: XmlElement, path: string, reading: Reading): void {
  const filename = childText(root, 'filename');
  const own = posix.basename(path).replace(/\.xml$/i, '');
  const near = posix.dirname(path);
  // some tools write another name than that of the image beside it
  const reference =
    filename && reading.folder.finder.find(filename, near).length > 0
      ? filename
      : (beside(path, reading) ?? filename ?? own);
  reading.take(path, reference, () => {
    const size = childrenOf(root, 'size')[0];
    const place = { file: path, what: `size of ${shown(filename)}` };
    const side = (name: string): number => (size ? wholeAt(place, name, childText(size, name)) : 0);
    const [width, height] = [side('width'), side('height')];
    return {
      shapes: childrenOf(root, 'object').map((object, i) => shapeOf(path, i, object)),
      ...(width > 0 && height > 0 && { size: { width, height } }),
    };
  });
}

/** The image of the same name beside the file, or in a folder where VOC has its images. */
function beside(path: string, { folder }: Reading): string | undefined {
  const bare = path.replace(/\.xml$/i, '');
  const elsewhere = ['JPEGImages', 'images', '.'].map((name) =>
    posix.join(bare.replace(/(^|\/)Annotations\//i, `$1${name}/`)),
  );
  return [bare, ...elsewhere].flatMap((stem) => folder.finder.ofStem(stem))[0];
}

export const vocReader: FileReader<XmlElement> = {
  claims: ({ name, children }) =>
    name === 'annotation' && children.some((child) => ['object', 'size', 'filename', 'folder'].includes(child.name)),
  read,
};
