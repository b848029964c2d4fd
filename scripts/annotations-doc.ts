/** Makes docs/annotations.md from src/data/annotations/formats/table.ts. */
import { type AnnotationFormatName, annotationFormats } from '../src/data/annotations/formats/table.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const annotationsPath = 'docs/annotations.md';

const names = Object.keys(annotationFormats) as AnnotationFormatName[];

const table = (head: readonly string[], cells: (name: AnnotationFormatName) => readonly string[]): string =>
  markdownTable(
    ['format', ...head],
    names.map((name) => [annotationFormats[name].title, ...cells(name)]),
  );

const text = `# Annotations

The tables are made from \`src/data/annotations/formats/table.ts\` by \`npm run docs\`; edit that
file and \`scripts/annotations-doc.ts\`, not this one.

Annotations are found without configuration, in the folder of the photographs or next to it:

\`\`\`
felfri data check photos/          # what is there, and what is odd
felfri train unet photos/ -o bundle
felfri data convert photos/ -o new/ --to coco
\`\`\`

## What an image is

* An image with shapes of defects is defective. Its class is the label that most of its shapes
  have.
* Shapes whose label means good are no defects, nor is background. A void is one. Good are the
  [words](data-sets.md#words), or those of \`--good-classes\` alone where that is given.
* An image without shapes is good where the format says that somebody has looked at it; the table
  says when. All other images are left out, and one message (\`ANNOTATION_MISSING\`) counts and
  names them. They are never good unsaid: where all of them are good parts, say
  \`--unannotated good\`; \`--unannotated leave-out\` goes on without them. An image that has a
  mask of its own is labelled by that.
* A name that differs from its photograph in capital letters alone is found, where that leaves no
  doubt. Folders of another machine do not count, but where they say that it is another image:
  \`train/1.png\` is not \`test/1.png\`, nor \`camera1/1.png\` \`camera2/1.png\`.
* Whole images may have words: flags, tags, choices, texts. One that is called good and by a word
  for a defect is left out, and so is one in a folder of good parts that is called defective.
* A malformed annotation leaves out its image alone. The message (\`ANNOTATION_INVALID\`) names
  the file and the shape. So does a shape that sets no pixel, such as a hairline that the rule of
  its format does not fill: it would be learned as background.
* Two files that say different things of one image leave it out. Two that say the same are one.
  A file that contradicts itself is not used: an id for two images, two names for a category, two
  lists of classes that differ.
* In a folder with \`good/\` and \`defective/\`, or in MVTec's layout, the folders give the
  labels, and annotations give the masks. A mask file comes before an annotation.
* A manifest may name the annotation file of an image in its column \`mask\`.
* Shapes are cut at the border of the image, and a note says so.
* A box is taken as a whole for defect, and a note says how many boxes there are.

## Formats

${table(['found by', 'an image without shapes is good for'], (name) => [annotationFormats[name].found, annotationFormats[name].seen])}

## Shapes and their edges

Tools differ in which pixels a shape sets. The polygon (2,2), (6,2), (6,6), (2,6) is 25 pixels in
LabelMe and 16 in COCO. felfri sets the pixels that each format's own tool sets.

${table(['shapes', 'edges'], (name) => [annotationFormats[name].shapes, annotationFormats[name].edges])}

Points of LabelMe are in the frame of the photograph as it is shown, its EXIF orientation applied.
Of the other formats nobody can say it. Where sizes cannot tell either (a square photograph, or
one turned upside down), the mask is refused with \`MASK_UNCLEAR\`. Save such photographs upright.

## Converting

\`felfri data convert IN -o OUT --to FORMAT\` copies the images into a new folder and writes their
annotations. It writes over nothing. FORMAT is one of those below, or \`manifest\`: felfri's own
layout with black and white masks. It keeps part groups, which no other format here has.

What was written is read back and compared, pixel by pixel and label by label. The report says how
many pixels are lost or new, and which images differ. Outlines are traced so that the rule of the
format gives the same pixels back. Regions with holes are cut into pieces, and what an outline
could not give back is written row by row. Where a conversion is written by felfri, nothing of the
pixels is lost, also not of scratches one pixel wide; other tools lose such scratches when they
make polygons of masks.

COCO written by felfri numbers its annotations from 1. Renumber a set of another tool that begins at
0 before you evaluate with pycocotools 2.0.11: it counts the defect with id 0 as missed, also where
the detector found it.

${table(['--to', 'what is lost'], (name) => [`\`${name}\``, annotationFormats[name].lost])}

A defective image without a mask is left out, except by \`manifest\`: as an image without shapes
it would be good. So is one whose class would be read as good or background.

## What was checked

Hundreds of shapes drawn at random were rasterised by the tools themselves; felfri sets the same
pixels (\`test/golden/make-annotation-masks.py\`). Files that the tools wrote are read as the
tools read them (\`test/golden/make-annotation-files.py\`). Made again on 2026-11-27, both were
equal: 712 shapes and nine sets.

\`test/golden/check-annotation-exports.py\` has sixteen images with blobs, holes, hairlines and single
pixels converted, 4,478 marked pixels, to COCO, CVAT and Label Studio (both forms each), LabelMe,
Pascal VOC, YOLO, run lengths and class masks. The tools read all of them: no pixel differs. The
boxes of Pascal VOC were read back by felfri alone.

Damaged files end with codes: see [image formats](formats.md#damage).

${table(['checked against'], (name) => [annotationFormats[name].checked])}

Not read: CVAT's videos, skeletons and cuboids, LabelMe's old XML, COCO's panoptic PNGs, YOLO's
key points, images that were turned within Label Studio. They are named and left out.

## Lost before felfri sees it

Some converters lose marks on the way. felfri cannot see that: it reads what was written. Give it
the first files, where you have them. Each line was run.

| program | what becomes of it | in felfri |
| --- | --- | --- |
| supervision 0.31.2, \`as_yolo\` | a slanted scratch becomes a box over its whole extent | all pixels of the box are defect |
| the same | a level scratch of one pixel becomes a box without height | one row of pixels is defect |
| supervision 0.31.2, \`as_coco\` | defects of several parts or with holes get \`iscrowd\` 1, which COCOeval leaves out | they count as defects |
| ultralytics 8.4.190, \`convert_segment_masks_to_yolo_seg\` | a level scratch of one pixel becomes an empty file | an empty file says good: the defect is learned as good |
| the same | a ring becomes a full disc | its hole is defect too |
| ultralytics 8.4.190, \`convert_coco\` | defects with \`iscrowd\` 1 become an empty file | an empty file says good, as above |
`;

export const annotationsDocument = (): string => text;

if (isMain(import.meta.url)) await writeDocument(annotationsPath, annotationsDocument());
