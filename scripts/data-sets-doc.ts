/** Makes docs/data-sets.md from the tables of layouts, words and columns. */
import { columnNames } from '../src/data/layouts/manifest-table.ts';
import { folderLayouts } from '../src/data/layouts/table.ts';
import { words } from '../src/data/layouts/words.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const dataSetsPath = 'docs/data-sets.md';

const layoutRows = Object.entries(folderLayouts).map(([name, { title, folders }]) => [
  `\`${name}\``,
  title,
  folders.replaceAll('<', '&lt;').replaceAll('|', '\\|'),
]);
const wordRows = Object.values(words).map(({ holds, words: lines }) => [holds, lines.join(', ')]);
const columnRows = Object.entries(columnNames).map(([field, names]) => [`\`${field}\``, names.join(', ')]);

const text = `# Data sets

The tables are made from \`src/data/layouts/\` by \`npm run docs\`; edit those files and
\`scripts/data-sets-doc.ts\`, not this one.

\`felfri data check FOLDER\` says what was recognised. A training says it too. What cannot be understood is
named on standard error, also with \`--quiet\`, and stands in \`leftOut\` of \`--json\`.

## Layouts

A folder is recognised without configuration. The first layout that fits is taken:

1. \`manifest.csv\`, a row for each image (below);
2. \`*.manifest\` or \`*.jsonl\`: JSON lines of SageMaker Ground Truth and Lookout for Vision. Files are found by
   the end of their address. Where the colour map names a background colour, that colour is background;
3. one of these folders, in this order:

${markdownTable(['layout', 'as in', 'folders'], layoutRows)}

4. images with [annotations](annotations.md). These also give masks to the folders above.

Every layout has a test on a small tree that was made after its published description. The published data
sets themselves were not at hand.

Where no word tells which images are good, \`--good FOLDER\` does: its images are good, all others are
defective. \`--good .\` means that all are good. A folder that holds several data sets is refused, and the
message names them.

Masks beside images are masks, never parts: \`X_GT.png\`, \`X_label.bmp\`, \`X_mask.png\` beside \`X.png\`.
Folders of masks may be called by a word for masks or as the folder beside them: \`scratch_mask/\`. In them
these words may be in the name or not. A name that differs in capital letters alone is
found, where that leaves no doubt. A PNG beside a JPEG of its name may be a mask or a copy: outside of Real-IAD
both are possible, so it is named (\`DATASET_WORD\`) and not used. Where two masks may be meant, or two images, both are named
(\`MASK_UNCLEAR\`) and none is taken. Masks of no image are counted and named in a note. A mask that is called as a good image alone belongs to that.

A linked folder is followed. One that shows what is listed already is named (\`DATASET_LINK\`).
Images that no folder calls good or defective are named (\`DATASET_WORD\`) and left out.
So are images that one folder calls good and another defective: \`good/scratch/\`. Masks may also lie
in a folder within: \`defective/masks/\`, beside its images or beside \`defective/images/\`.

### Images that nothing speaks of

Where annotations, JSON lines or masks label images, some may be without. One rule for all forms:

* They are left out, and one message (\`ANNOTATION_MISSING\`) counts and names them. They are never good unsaid.
* \`--unannotated good\` says that all of them are good parts. It is refused where a mask or a marked annotation
  belongs to no image that is here: a renamed photograph would count as good.
* \`--unannotated leave-out\` goes on without them.
* Where no other image is good, a training asks for one of the two and ends.

An image whose annotation is broken, contradicted or was skipped is never one of them.

## Words

Folders and columns are read by these words. Capital letters, accents, spaces, hyphens and underscores
do not count, and a plural is its singular. Numbers before a word and words such as images or parts behind
it do not count either: \`01_good\`, \`OK parts\`.

${markdownTable(['means', 'words'], wordRows)}

## Manifest

A CSV file with a header; commas, semicolons or tabs; UTF-8 or UTF-16, with or without a byte order mark;
with or without Excel's line \`sep=;\`. Paths are relative to its folder, with \`/\` or \`\\\`. Those of a
manifest that is given by its path may be of one of the two folders above it, as those of VisA's lists are.
A path that differs from its file in capital letters alone is found. Any other missing file is named with
its row.

${markdownTable(['what', 'columns that are looked for'], columnRows)}

* \`--columns image=NAME,class=NAME\` names others.
* A class is good by the words above, or by \`--good-classes\` alone where that is given. A number as class is
  refused until \`--good-classes\` says which is good. The same rule holds for JSON lines and annotations. A
  name that no row, line or annotation has is refused.
* A mask may be a folder: all masks in it are united.
* Folds may start at 1 and have gaps. \`--fold\` counts from 0, in their order.
* \`published_split\` may say validation: such images are on neither side.

## Near copies

Images that show one part must not be trained on and judged. \`felfri data leaks\` and every training look
for them in the pixels. Stated part groups are believed; pixels that contradict them are a warning. What all
pictures of a set share is taken away first, so parts of one design under a fixed camera are no copies.

How many of 12 planted copies are found, two among 60 parts of each of six made designs at 384 px:

| change | found | change | found |
| --- | --- | --- | --- |
| darker, less contrast | 12, 12 | JPEG at 70, at 40 | 12, 9 |
| mirrored, upside down | 11, 10 | turned by 90, by 180 degrees | 10, 12 |
| cropped by 3 %, by 6 % a side | 9, 6 | moved by 4 % | 9 |
| turned by 1, by 3 degrees | 10, 5 | zoomed by 4 % | 8 |
| photographed again | 6 | the same brighter, darker | 7, 3 |
| the same, moved by 4 % | 2 | the same, turned by half a degree | 3 |

No pair of untouched parts was called a copy. A periodic design such as a mesh is the hardest: of its copies
few but those at the same place are found. A second photograph is found where the part's own surface is
clearer than the camera's noise. Equal files are always found.

What all pictures do not share in one place is not taken away. So two kinds of sets may be refused though their
parts are different ones: crisp print that lies some pixels aside from picture to picture, and a belt with a texture or
stripes that comes round behind the parts. State the part groups there
(a column \`part_group\`, or \`--group-pattern\`). [Experiments](experiments/leak-check.md) has the designs,
the real sets and what was tried.

## Masks: one rule

A mask pixel is defect where it is not background. Command line, library and station read masks by this rule;
it is one file, \`src/data/masks/rule.ts\`.

* Background is black (0). So 255, 1, class numbers, red and pure blue are all defect, at 1, 8 and 16 bits and
  as float.
* In a palette PNG, background is the first black entry, or entry 0 where none is black.
* Where transparency differs from pixel to pixel, transparent is background. If all visible pixels are black
  (a brush on an empty layer), transparency alone says what is marked.
* Whole values that are all below 32, in a lossless format, are class numbers. So are multiples of one number by
  factors below 16, such as 0, 25, 50. A palette of colours numbers classes, too, as do several hues, and colours in steps of 32 such as VOC's. Such masks are never soft, so classes that touch each other are all defect.
* A soft mask has values between. JPEG is always taken for one. Other formats are, where most of the faint
  pixels touch another marked value. In a soft mask, what is fainter than a quarter of the brightest value is
  noise. Each connected blob of the rest is defect from half its own brightest value. The 392 masks of magnetic
  tiles that were tried are PNG with such noise: 388 were taken for soft. The rule agreed with a fixed
  threshold at 128 by an intersection over union of at least 0.997.
* On a smaller canvas, a pixel is defect where half of it is. A hairline that this would lose is kept, one
  canvas pixel wide.

These masks are refused, before a training starts:

* of another size than the image (\`MASK_MISMATCH\`), also when the image is turned by EXIF and the mask is not;
* that mark nothing on a defective image (\`MASK_EMPTY\`);
* that mark every pixel, or nine tenths of the border and a quarter of the area, as inverted masks do
  (\`MASK_UNCLEAR\`);
* that hold NaN or infinite values (\`MASK_UNCLEAR\`);
* of a lossy format whose brightest value is below 32 (\`MASK_UNCLEAR\`);
* of an image that is turned by EXIF, where size cannot tell whether the mask was made before or after:
  square images, flipped ones, upside down ones (\`MASK_UNCLEAR\`). A mask that states an orientation of its own is
  believed, as those that felfri writes do;
* that mark something on an image that is called good (\`MASK_UNCLEAR\`).

A U-Net does not learn from such an image, nor a flow from a good one whose mask marks something. Elsewhere the image counts, and only its pixels do not.
`;

export const dataSetsDocument = (): string => text;

if (isMain(import.meta.url)) await writeDocument(dataSetsPath, dataSetsDocument());
