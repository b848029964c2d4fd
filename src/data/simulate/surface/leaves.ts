/**
 * Dead leaves (Matheron 1968; Lee, Mumford and Huang 2001, "Occlusion models for natural images"): shapes of every size that hide each
 * other. Their statistics are close to those of photographs: edges, corners, and areas of little change between them.
 */
import { nodeValue } from '../smooth-noise.ts';
import { type Family, logUniform, seedOf } from './texture.ts';

const shapes = ['disc', 'box', 'polygon', 'mixed'] as const;

/** How far out of a regular polygon of `corners` a point is, 1 at its sides' middles; 0 corners are a disc. */
function outOf(dx: number, dy: number, corners: number, angle: number): number {
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (corners === 0) return distance;
  const sector = (2 * Math.PI) / corners;
  const turn = Math.atan2(dy, dx) - angle;
  return distance * Math.cos(turn - sector * Math.round(turn / sector));
}

/** Overlapping discs, boxes and polygons in layers, each layer of one size; each leaf of a grey of its own, flat or shaded. */
export const leaves: Family = (random) => {
  const shape = random.pick(shapes);
  const smallest = logUniform(random, 4, 20);
  const largest = smallest * logUniform(random, 1.5, 12);
  const layers = Array.from({ length: 4 + random.integer(4) }, () => ({
    size: 2 * logUniform(random, smallest, largest),
    seed: seedOf(random),
  }));
  const shade = random.next() < 0.5 ? 0 : random.uniform(0.2, 1);
  const corners = shape === 'disc' ? 0 : shape === 'box' ? 4 : 3 + random.integer(4);
  const upright = random.next() < 0.3;
  return (x, y) => {
    for (const { size, seed } of layers) {
      const [u, v] = [x / size, y / size];
      const [ci, cj] = [Math.floor(u), Math.floor(v)];
      for (let i = ci - 1; i <= ci + 1; i++) {
        for (let j = cj - 1; j <= cj + 1; j++) {
          const dx = u - i - 0.5 - 0.5 * nodeValue(i, j, seed);
          const dy = v - j - 0.5 - 0.5 * nodeValue(i, j, seed + 1);
          if (dx * dx + dy * dy > 0.5) continue;
          const kind = nodeValue(i, j, seed + 2);
          const angle = upright ? Math.PI / 4 : Math.PI * kind;
          const own = shape === 'mixed' && kind > 0 ? 0 : corners;
          const out = outOf(dx, dy, own, angle) / (0.35 + 0.12 * nodeValue(i, j, seed + 3));
          if (out < 1) return nodeValue(i, j, seed + 4) + shade * (dx + dy);
        }
      }
    }
    return 0;
  };
};
