/**
 * Cut and paste (Li, Sohn, Yoon and Pfister 2021, "CutPaste"): a rectangle of good surface, turned, relit and put where it does not
 * belong. Also as the paper's thin `scar`.
 */
import type { Random } from '../../core/random.ts';
import type { Overlay, Surface } from './blend.ts';

/** Share of the patch that a rectangle covers, smallest and largest, and the largest ratio of its sides. */
const box = { smallest: 0.002, largest: 0.1, elongation: 3.3 };
/** Sides of a scar in pixels. */
const scar = { width: [2, 8], length: [10, 40] } as const;

const logUniform = (random: Random, low: number, high: number): number =>
  low * Math.exp(random.next() * Math.log(high / low));

/** A rectangle of `donor`, a patch of the same size, to be laid over a place of the surface. */
export function cutPaste({ height, width }: Surface, donor: Float32Array, random: Random): Overlay {
  const thin = random.next() < 0.5;
  const area = logUniform(random, box.smallest, box.largest) * height * width;
  const ratio = logUniform(random, 1 / box.elongation, box.elongation);
  const sides = thin
    ? [random.uniform(...scar.width), random.uniform(...scar.length)]
    : [Math.sqrt(area * ratio), Math.sqrt(area / ratio)];
  const [across, along] = sides as [number, number];
  const angle = thin ? random.uniform(0, Math.PI) : random.uniform(-0.25, 0.25) * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const to = { x: random.uniform(0, width), y: random.uniform(0, height) };
  const from = { x: random.integer(width), y: random.integer(height) };
  const gain = random.uniform(0.6, 1.4);
  const lift = random.uniform(-0.2, 0.2);
  const texture = new Float32Array(height * width);
  const opacity = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = (x - to.x) * cos + (y - to.y) * sin;
      const v = (y - to.y) * cos - (x - to.x) * sin;
      if (Math.abs(u) > across / 2 || Math.abs(v) > along / 2) continue;
      // the donor's own pixels, turned by nothing but the rectangle's angle, and around its edges
      const sx = (((from.x + Math.round(u)) % width) + width) % width;
      const sy = (((from.y + Math.round(v)) % height) + height) % height;
      texture[i] = (donor[sy * width + sx]! - 0.5) * gain + 0.5 + lift;
      opacity[i] = 1;
    }
  }
  return { texture, opacity };
}
