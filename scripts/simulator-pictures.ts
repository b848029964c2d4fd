/** Makes docs/images/simulated-ring.jpg and simulated-links.jpg, simulated parts with the outlines of their masks, and simulated-surfaces.jpg. Run: tsx scripts/simulator-pictures.ts */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { Random } from '../src/core/random.ts';
import { Ring } from '../src/data/simulate/bearing-ring/ring.ts';
import { type StripDefect, stripDefects } from '../src/data/simulate/bearing-ring/strip-defects.ts';
import { Link, linkDefects } from '../src/data/simulate/coupling-link/link.ts';
import { familyNames } from '../src/data/simulate/surface/families.ts';
import { surfaceOf } from '../src/data/simulate/surface/surface.ts';
import { viewOf } from '../src/data/simulate/surface/surface-view.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const seed = 5;

/** RGB of a grey picture, with the pixels just outside the mask in red where asked. */
function outlined(grey: Uint8Array, mask: Uint8Array, width: number, height: number) {
  const data = new Uint8Array(grey.length * 3);
  for (let p = 0; p < grey.length; p++) {
    const near = [p - 1, p + 1, p - width, p + width].some((q) => mask[q] === 1);
    const edge = mask[p] === 0 && near;
    data.set(edge ? [255, 60, 40] : [grey[p]!, grey[p]!, grey[p]!], 3 * p);
  }
  return sharp(data, { raw: { width, height, channels: 3 } }).png();
}

async function sheet(name: string, cells: readonly Buffer[], columns: number, width: number, height: number) {
  const gap = 4;
  const rows = Math.ceil(cells.length / columns);
  await sharp({
    create: {
      width: columns * (width + gap) - gap,
      height: rows * (height + gap) - gap,
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(
      cells.map((input, i) => ({
        input,
        left: (i % columns) * (width + gap),
        top: Math.floor(i / columns) * (height + gap),
      })),
    )
    .jpeg({ quality: 78 })
    .toFile(folder + name);
  console.log(`wrote docs/images/${name}`);
}

/** Both strips of one ring with each kind of defect, lying. */
async function ringPicture(): Promise<void> {
  const patches = 14;
  const ring = new Ring({ seed, part: 2, patches, size: 256, difficulty: 0.7 });
  let attempt = 0;
  for (const className of Object.keys(stripDefects) as StripDefect[]) {
    while (ring.tryDefect(className, Random.of(seed, 'picture', attempt++), patches) === 0);
  }
  const strips = ring.strips.map((strip) => {
    const { image, mask } = strip.render();
    return outlined(image, mask, strip.width, strip.height).toBuffer();
  });
  const lying = await Promise.all((await Promise.all(strips)).map((strip) => sharp(strip).rotate(-90).toBuffer()));
  await sheet('simulated-ring.jpg', lying, 1, 1024, 256);
}

/** Two views of a good link, and two of one link with each kind of defect. */
async function linkPicture(): Promise<void> {
  const size = 256;
  const views = 4;
  const cells: Promise<Buffer>[] = [];
  const show = (link: Link) => {
    const all = [...link.images()].sort((a, b) => Number(a.className === 'good') - Number(b.className === 'good'));
    for (const { image, mask } of all.slice(0, 2)) cells.push(outlined(image, mask, size, size).toBuffer());
  };
  for (const [part, className] of [undefined, undefined, ...linkDefects].entries()) {
    const link = new Link({ seed, part, images: views, size, difficulty: 0.7 });
    for (let attempt = 0; className && link.defective < 2 && attempt < 200; attempt++) {
      link.tryDefect(className, Random.of(seed, 'picture', part, attempt), views);
    }
    show(link);
  }
  await sheet('simulated-links.jpg', await Promise.all(cells), 4, size, size);
}

/** Two surfaces of each family, and as many more as fill the sheet. */
async function surfacePicture(): Promise<void> {
  const size = 128;
  const cells = Array.from({ length: 2 * familyNames.length + 6 }, (_, part) => {
    const grey = viewOf(surfaceOf(0, part), { seed: 0, part, view: 0, size });
    return outlined(grey, new Uint8Array(grey.length), size, size).toBuffer();
  });
  await sheet('simulated-surfaces.jpg', await Promise.all(cells), 10, size, size);
}

await mkdir(folder, { recursive: true });
await ringPicture();
await linkPicture();
await surfacePicture();
