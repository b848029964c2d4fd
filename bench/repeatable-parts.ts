/**
 * Copies planted among repeatable parts of six designs, and how many of them are found:
 * `npx tsx bench/repeatable-parts.ts [SIDE] [SEED]`. Each design has 60 parts and two copies of each kind; any other pair that
 * is found is wrong.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { encodePng } from '../src/data/image/encode.ts';
import { NearCopySearch } from '../src/data/leak/near-copies.ts';
import type { PartImage } from '../src/data/part-image.ts';
import { type Photograph, photographPart, type RepeatableDesign, repeatableDesigns } from '../test/repeatable-parts.ts';

const PARTS = 60;
const OF_EACH = 2;

/** Copies of the file, and second photographs of the part; margins in shares of the side. */
const changes: Readonly<
  Record<string, { shot?: Photograph; file?: (image: Sharp, side: number) => Sharp | Promise<Sharp> }>
> = {
  'JPEG 70': { file: (image) => image.jpeg({ quality: 70 }) },
  'less contrast, JPEG': { file: (image) => image.linear(0.85, 10).jpeg({ quality: 80 }) },
  'JPEG 40': { file: (image) => image.jpeg({ quality: 40 }) },
  darker: { file: (image) => image.linear(0.7, 0) },
  'crop 3 %': { file: (image, side) => cropped(image, side, 0.03) },
  'crop 6 %': { file: (image, side) => cropped(image, side, 0.06) },
  'moved 4 %': { file: (image, side) => moved(image, side, 0.04) },
  'zoom 4 %': { file: (image, side) => cropped(image, side, 0.02).resize(side, side).png() },
  mirrored: { file: (image) => image.flop() },
  'upside down': { file: (image) => image.flip() },
  'turned 90': { file: (image) => image.rotate(90) },
  'turned 180': { file: (image) => image.rotate(180) },
  'turned 1': { file: (image, side) => turned(image, side, 1) },
  'turned 3': { file: (image, side) => turned(image, side, 3) },
  again: { shot: { take: 1 } },
  'again, darker': { shot: { take: 2, exposure: 0.7 } },
  'again, brighter': { shot: { take: 3, exposure: 1.25 } },
  'again, moved 4 %': { shot: { take: 4, dx: 0.04, dy: -0.025 } },
  'again, turned 0.5 degrees': { shot: { take: 5, turn: 0.5 } },
};

function cropped(image: Sharp, side: number, share: number): Sharp {
  const margin = Math.round(side * share);
  return image.extract({ left: margin, top: margin, width: side - 2 * margin, height: side - 2 * margin });
}

/** The picture, moved to the right and down, as a camera window that was set anew shows it. */
function moved(image: Sharp, side: number, share: number): Sharp {
  const by = Math.round(side * share);
  return image
    .extract({ left: by, top: Math.round(by / 2), width: side - by, height: side - Math.round(by / 2) })
    .extend({ right: by, bottom: Math.round(by / 2), extendWith: 'copy' });
}

/** The picture turned by some degrees, as much of it as shows nothing from beside it. */
async function turned(image: Sharp, side: number, degrees: number): Promise<Sharp> {
  const { data, info } = await image.rotate(degrees).png().toBuffer({ resolveWithObject: true });
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const width = Math.floor(side / (cos + sin)) - 2;
  const margin = Math.round((info.width - width) / 2);
  return sharp(data).extract({ left: margin, top: margin, width, height: width });
}

async function measure(design: RepeatableDesign, side: number, seed: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'felfri-repeatable-'));
  const images: PartImage[] = [];
  const put = async (name: string, part: number, bytes: Uint8Array): Promise<void> => {
    await writeFile(join(folder, name), bytes);
    images.push({ path: join(folder, name), name, label: 'good', className: 'good', partGroup: String(part) });
  };
  const shoot = (part: number, shot?: Photograph) => encodePng(photographPart(design, seed + part, shot, side));
  for (let part = 0; part < PARTS; part++) await put(`${part}.png`, part, await shoot(part));
  for (const [k, [name, { shot, file }]] of Object.entries(changes).entries()) {
    for (let part = OF_EACH * k; part < OF_EACH * (k + 1); part++) {
      const bytes = await shoot(part, shot);
      // sharp reads the format from the bytes, whatever the file is called
      await put(`${part} ${name}.png`, part, file ? await (await file(sharp(bytes), side)).toBuffer() : bytes);
    }
  }
  const search = await NearCopySearch.open(images);
  const pairs = await search.within();
  for (const { one, other, similarity } of process.env.WRONG ? pairs : []) {
    if (one.partGroup !== other.partGroup)
      process.stderr.write(`${design}: ${one.name} = ${other.name} ${similarity.toFixed(2)}\n`);
  }
  const right = pairs.filter(({ one, other }) => one.partGroup === other.partGroup);
  const kinds = Object.keys(changes).map((name) => {
    const made = new RegExp(`^\\d+ ${name.replaceAll('.', '\\.')}\\.png$`);
    return right.filter((pair) => made.test(pair.one.name) || made.test(pair.other.name)).length;
  });
  const row = [design, search.limit?.toFixed(2), pairs.length - right.length, ...kinds];
  process.stdout.write(`| ${row.join(' | ')} |\n`);
  await rm(folder, { recursive: true });
}

const [side = '384', seed = '5000'] = process.argv.slice(2);
process.stdout.write(`| design | limit | wrong | ${Object.keys(changes).join(' | ')} |\n`);
process.stdout.write(`|${'---|'.repeat(Object.keys(changes).length + 3)}\n`);
for (const design of repeatableDesigns) await measure(design, Number(side), Number(seed));
