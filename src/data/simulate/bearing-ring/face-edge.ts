/**
 * The edge of a ring face: the ground face ends in a chamfer, which shines where it begins and is dark beyond.
 */
import type { Random } from '../../../core/random.ts';
import { smoothNoise1, smoothStep } from '../smooth-noise.ts';
import type { Scan } from './scan.ts';

/** Which border of the strip is the edge of the face: the outer diameter lies right, the bore left. */
export type EdgeSide = 'left' | 'right';

/** Factors on the reflectance, height x width: 1 on the face, less on the chamfer. */
export function faceEdge(random: Random, scan: Scan, side: EdgeSide): Float32Array {
  const { width, height } = scan;
  const out = new Float32Array(width * height).fill(1);
  const inset = random.uniform(7, 11) * Math.min(1, width / 256);
  const chamfer = random.uniform(5, 7);
  const runOut = random.uniform(0.3, 1.2);
  const turn = random.uniform(500, 1500);
  const phase = random.uniform(0, 2 * Math.PI);
  const glint = random.uniform(0.1, 0.2);
  const shade = random.uniform(0.42, 0.52);
  const seed = random.integer(2 ** 31);
  const reach = Math.min(width, Math.ceil(inset + runOut + 8));
  for (let y = 0; y < height; y++) {
    const along = scan.along[y]!;
    const border =
      inset + runOut * Math.sin((2 * Math.PI * along) / turn + phase) + 0.5 * smoothNoise1(along / 6, seed);
    const shine = glint * (0.6 + 0.4 * smoothNoise1(along / 9, seed + 1));
    for (let i = 0; i < reach; i++) {
      const beyond = border - i;
      const x = side === 'left' ? i : width - 1 - i;
      const face = 1 - (1 - shade) * smoothStep(-1, 1.5, beyond) - 0.8 * shade * smoothStep(-1, 2, beyond - chamfer);
      out[y * width + x] = face + shine * Math.exp(-((beyond / 1.3) ** 2));
    }
  }
  return out;
}
