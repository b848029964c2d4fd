/** Makes docs/images/heat-map.png from a demo's folder: the simulated new part beside the U-Net's heat map of it. Run: tsx scripts/readme-picture.ts felfri-demo */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const demo = process.argv[2] ?? 'felfri-demo';
const target = fileURLToPath(new URL('../docs/images/heat-map.png', import.meta.url));
const pictures = await Promise.all(
  ['new-part.png', 'new-part-unet.png', 'new-part-flow.png'].map((name) => sharp(join(demo, name)).png().toBuffer()),
);
const { width = 256, height = 256 } = await sharp(pictures[0]).metadata();
const gap = 12;
await mkdir(dirname(target), { recursive: true });
await sharp({
  create: { width: 3 * width + 2 * gap, height, channels: 3, background: '#ffffff' },
})
  .composite(pictures.map((input, i) => ({ input, left: i * (width + gap), top: 0 })))
  .png({ compressionLevel: 9 })
  .toFile(target);
console.log(`wrote ${target}`);
