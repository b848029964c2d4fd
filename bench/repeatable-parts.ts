/**
 * Copies planted among repeatable parts of six designs, and how many of them are found:
 * `npx tsx bench/repeatable-parts.ts [SIDE] [SEED]`. Each design has 40 parts and two copies of each kind; any other pair that
 * is found is wrong.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { PartImage } from '../src/data/dataset.ts';
import { encodePng } from '../src/data/image/encode.ts';
import { NearCopySearch } from '../src/data/leak/near-copies.ts';
import { type Photograph, photographPart, type RepeatableDesign, repeatableDesigns } from '../test/repeatable-parts.ts';

const PARTS = 40;
const OF_EACH = 2;

/** Copies of the file, and second photographs of the part; margins in shares of the side. */
const changes: Readonly<Record<string, { shot?: Photograph; file?: (image: Sharp, side: number) => Sharp }>> = {
  'JPEG 70': { file: (image) => image.jpeg({ quality: 70 }) },
  'less contrast, JPEG': { file: (image) => image.linear(0.85, 10).jpeg({ quality: 80 }) },
  'crop 3 %': { file: (image, side) => cropped(image, side, 0.03) },
  'zoom 4 %': { file: (image, side) => cropped(image, side, 0.02).resize(side, side).png() },
  mirrored: { file: (image) => image.flop() },
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
      await put(`${part} ${name}.png`, part, file ? await file(sharp(bytes), side).toBuffer() : bytes);
    }
  }
  const search = await NearCopySearch.open(images);
  const pairs = await search.within();
  const right = pairs.filter(({ one, other }) => one.partGroup === other.partGroup);
  const kinds = Object.keys(changes).map((name) => {
    return right.filter((pair) => pair.one.name.includes(` ${name}.`) || pair.other.name.includes(` ${name}.`)).length;
  });
  const row = [design, search.limit?.toFixed(2), pairs.length - right.length, ...kinds];
  process.stdout.write(`| ${row.join(' | ')} |\n`);
  await rm(folder, { recursive: true });
}

const [side = '384', seed = '5000'] = process.argv.slice(2);
process.stdout.write(`| design | limit | wrong | ${Object.keys(changes).join(' | ')} |\n`);
process.stdout.write(`|${'---|'.repeat(Object.keys(changes).length + 3)}\n`);
for (const design of repeatableDesigns) await measure(design, Number(side), Number(seed));
