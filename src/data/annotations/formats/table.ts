/** The formats of annotations: one row each. Documents and help are made from it; a cell that is missing does not compile. */
import { classPngWriter } from '../write/class-png.ts';
import { cocoWriter } from '../write/coco.ts';
import { cvatWriter } from '../write/cvat.ts';
import { labelStudioWriter } from '../write/label-studio.ts';
import { labelmeWriter } from '../write/labelme.ts';
import { severstalWriter } from '../write/severstal.ts';
import { vocWriter } from '../write/voc.ts';
import { yoloWriter } from '../write/yolo.ts';
import { readClassMasks } from './class-masks.ts';
import { cocoReader } from './coco.ts';
import { cvatReader } from './cvat.ts';
import type { AnnotationFormat } from './format.ts';
import { labelStudioReader } from './label-studio.ts';
import { labelmeReader } from './labelme.ts';
import { severstalReader } from './severstal.ts';
import { vocReader } from './voc.ts';
import { readYolo } from './yolo.ts';

export const annotationFormats = {
  coco: {
    title: 'COCO',
    found:
      'a .json with the lists `images` and `annotations`, anywhere in the folder; instances_train2017.json means train2017/ first',
    shapes:
      'polygons, run lengths as lists and compressed, boxes where there is no segmentation; `iscrowd` counts as defect',
    edges: 'left and upper edges belong to the shape, right and lower ones do not: (2,2)-(6,6) sets 16 pixels',
    seen: 'a listed image without annotations',
    lost: 'nothing as run lengths (the default); nothing with --polygons',
    checked: 'pycocotools 2.0.11',
    json: cocoReader,
    writer: cocoWriter,
  },
  labelme: {
    title: 'LabelMe',
    found: 'a .json with `imagePath` and `shapes` beside each image',
    shapes:
      'polygon, rectangle, oriented_rectangle, circle, line, linestrip, point, points, mask; true flags named good or defective',
    edges: 'all edges belong to the shape: (2,2)-(6,6) sets 25 pixels; lines are 10 wide, points have radius 5',
    seen: 'a file with an empty list of shapes',
    lost: 'nothing; holes become several polygons of one group',
    checked: 'labelme 6.3.1 with Pillow 12.3.0',
    json: labelmeReader,
    writer: labelmeWriter,
  },
  cvat: {
    title: 'CVAT for images 1.1',
    found: 'an .xml whose root is `annotations`',
    shapes:
      'polygon, box (also turned), mask, ellipse, polyline and points (one pixel wide); tags named good or defective',
    edges: "polygons and boxes as COCO, ellipses as OpenCV, masks exact; CVAT's server computes so",
    seen: 'a listed image without shapes',
    lost: 'nothing as masks (the default); nothing with --polygons',
    checked: 'datumaro 1.13.12; ellipses by opencv-python-headless 4.12.0.88, called as the server of CVAT does',
    xml: cvatReader,
    writer: cvatWriter,
  },
  voc: {
    title: 'Pascal VOC',
    found: 'an .xml whose root is `annotation` for each image, and SegmentationClass/',
    shapes: 'boxes; masks by class number where there are any',
    edges: 'boxes count pixels from 1, both ends included',
    seen: 'a file without objects',
    lost: 'where labels overlap, the earlier one',
    checked: 'datumaro 1.13.12: masks exact; its boxes count from 0, so felfri reads one column and row more',
    xml: vocReader,
    writer: vocWriter,
  },
  yolo: {
    title: 'YOLO',
    found:
      'a .txt for each image, in labels/ beside images/ or beside the image; names from data.yaml, classes.txt or obj.names, which must not differ',
    shapes: 'boxes and segments',
    edges: 'all edges of a segment belong to it; a box holds the pixels whose middle lies in it',
    seen: 'an empty .txt',
    lost: 'nothing; holes become several segments',
    checked: 'opencv-python-headless 4.12.0.88, called as ultralytics 8.4.190 does',
    folder: readYolo,
    writer: yoloWriter,
  },
  'label-studio': {
    title: 'Label Studio',
    found: 'a .json list of tasks with `data` and `annotations`, or JSON-MIN',
    shapes: 'brush, polygon, rectangle (also turned), ellipse, key point (one pixel); choices named good or defective',
    edges:
      'a brush is every pixel that is not wholly transparent; polygons and rectangles as COCO; of an ellipse the pixels whose middle lies in it',
    seen: 'a task with an annotation that was not cancelled and has no result',
    lost: 'nothing as brushes (the default); nothing with --polygons',
    checked: 'label-studio-sdk 2.1.2 (brushes); polygons and rectangles through pycocotools 2.0.11',
    json: labelStudioReader,
    writer: labelStudioWriter,
  },
  severstal: {
    title: 'Run lengths in a CSV (Severstal)',
    found: 'a .csv with the column EncodedPixels',
    shapes: 'run lengths column by column, counted from 1, a row for each image and class',
    edges: 'exact',
    seen: 'rows with empty EncodedPixels alone; an image without a row is not labelled',
    lost: 'nothing; classes are numbers, named in classes.txt',
    checked: 'NumPy 2.2.6, by the rule that the set is published with',
    csv: severstalReader,
    writer: severstalWriter,
  },
  png: {
    title: 'Masks by class number',
    found:
      'SegmentationClass/ (or SegmentationClassPNG/) with a PNG for each image; names from labelmap.txt, class_names.txt or classes.txt',
    shapes: 'palette PNGs, and PNGs in the colours of VOC or of labelmap.txt',
    edges: 'exact; number 255 (void) is no defect',
    seen: 'a mask of background alone',
    lost: 'where labels overlap, the earlier one',
    checked: 'labelme 6.3.1, datumaro 1.13.12, Pillow 12.3.0',
    folder: readClassMasks,
    writer: classPngWriter,
  },
} as const satisfies Record<string, AnnotationFormat>;

export type AnnotationFormatName = keyof typeof annotationFormats;
