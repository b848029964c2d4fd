/**
 * What the search for near copies costs on many images, whatever they show:
 * `npx tsx bench/leak-speed.ts KIND [IMAGES] [SIDE] [FOLDER]`, KIND one of alike (one design), periodic (a mesh), textures (no two alike) and
 * flat (next to nothing to see). A folder that is named keeps the images for the next run. Prints wall time, processor time and the largest memory of reading and of a split's check.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Random } from '../src/core/random.ts';
import { NearCopySearch } from '../src/data/leak/near-copies.ts';
import type { PartImage } from '../src/data/part-image.ts';

const kinds = ['alike', 'periodic', 'textures', 'flat'] as const;
type Kind = (typeof kinds)[number];

/** A large field of soft grey values, of which each part has two pieces of its own, one on the other. */
function field(side: number): Float32Array {
  const random = Random.of(1, 'field');
  const values = Float32Array.from({ length: side * side }, () => random.uniform(-1, 1));
  for (const stride of [1, side, 1, side]) {
    for (let i = 0; i + 3 * stride < values.length; i++) {
      values[i] = (values[i]! + values[i + stride]! + values[i + 2 * stride]! + values[i + 3 * stride]!) / 2.2;
    }
  }
  return values;
}

const FIELD = 2048;

function picture(kind: Kind, n: number, side: number, own: Float32Array): Uint8Array {
  const random = Random.of(2, kind, n);
  const place = (): number => random.integer(FIELD - side) * FIELD + random.integer(FIELD - side);
  const [first, second] = [place(), place()];
  const [dx, dy] = [random.uniform(-4, 4), random.uniform(-4, 4)];
  const height = { alike: 14, periodic: 10, textures: 45, flat: 0.8 }[kind];
  const [across, down] = [dx, dy].map((d) => Float32Array.from({ length: side }, (_, k) => Math.sin((k + d) / 5))) as [
    Float32Array,
    Float32Array,
  ];
  const common = (x: number, y: number): number => {
    if (kind === 'alike') {
      const r = Math.hypot(x + dx - side / 2, y + dy - side / 2) / side;
      return r < 0.16 ? -70 : r < 0.4 ? 40 + (Math.floor(x + dx) % 64 < 12 ? 50 : 0) : -40;
    }
    if (kind === 'periodic') return 50 * across[x]! * down[y]!;
    return 0;
  };
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = 120 + common(x, y) + 0.7 * height * (own[first + y * FIELD + x]! + own[second + y * FIELD + x]!);
      data[y * side + x] = Math.max(0, Math.min(255, value));
    }
  }
  return data;
}

/** The images of a set, those that are missing written into a folder. */
async function imagesOf(kind: Kind, count: number, side: number, folder: string): Promise<PartImage[]> {
  const own = field(FIELD);
  const images: PartImage[] = [];
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < count; n++) {
    const name = `${n}.png`;
    images.push({ path: join(folder, name), name, label: 'good', className: 'good', partGroup: name });
    if (existsSync(join(folder, name))) continue;
    const image = sharp(picture(kind, n, side, own), { raw: { width: side, height: side, channels: 1 } });
    await writeFile(join(folder, name), await image.png({ compressionLevel: 1 }).toBuffer());
  }
  return images;
}

async function measure(kind: Kind, count: number, side: number, kept: string | undefined): Promise<void> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'felfri-leak-speed-')));
  const images = await imagesOf(kind, count, side, folder);
  let largest = 0;
  const watch = setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss());
  }, 200);
  const since = { wall: performance.now(), cpu: process.cpuUsage() };
  const say = (what: string): void => {
    const { user, system } = process.cpuUsage(since.cpu);
    const wall = (performance.now() - since.wall) / 1000;
    process.stdout.write(
      `${kind}, ${count} images of ${side} px, ${what}: ${wall.toFixed(0)} s, processor ${((user + system) / 1e6).toFixed(0)} s, memory at most ${(largest / 1e6).toFixed(0)} MB\n`,
    );
  };
  const search = await NearCopySearch.open(images);
  say('read');
  // two folds of five are judged, three are learned from
  const judged = Math.floor(0.4 * count);
  const found = await search.across(images.slice(0, judged), images.slice(judged));
  say(
    `and split checked (${found.length} pairs, likeness from ${search.limit?.toFixed(2)}, ${search.counts.pictures} looked at closely)`,
  );
  clearInterval(watch);
  if (kept === undefined) await rm(folder, { recursive: true });
}

const [kind, count = '10000', side = '512', kept] = process.argv.slice(2);
const known = kinds.find((name) => name === kind);
if (!known) throw new Error(`give a kind: ${kinds.join(', ')}`);
await measure(known, Number(count), Number(side), kept);
