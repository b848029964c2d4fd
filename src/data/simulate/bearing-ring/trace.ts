/**
 * A thin mark along a curve: what scratches and the harmless hairlines of handling have in common.
 */
import type { Random } from '../../../core/random.ts';
import { smoothNoise1 } from '../smooth-noise.ts';
import type { Scan } from './scan.ts';

/** Form of a thin mark. Lengths in pixels, angles in radians, depth relative to the mean reflectance. */
interface Trace {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly angle: number;
  /** Largest change of angle per pixel. */
  readonly bend: number;
  /** Half the width of the dark core. */
  readonly halfWidth: number;
  readonly depth: number;
  /** Height of the bright edge over the depth of the core; its sign says on which side it lies. */
  readonly edge: number;
  /** Share of the length where the mark all but lifts off, 0..1. */
  readonly gaps: number;
}

const step = 0.5;

/** Adds a mark to `change` (height x width, change of reflectance); it begins at (x, y) and tapers towards both ends. */
export function drawTrace(change: Float32Array, scan: Scan, trace: Trace, random: Random): void {
  const { width, height } = scan;
  const samples = Math.ceil(trace.length / step);
  const reach = Math.ceil(4 * trace.halfWidth + 1);
  const side = 2 * reach + 1;
  const seed = random.integer(2 ** 31);
  // nearest sample of the curve for each pixel that it comes near to
  const nearest = new Map<number, { distance: number; offset: number; depth: number }>();
  let { x, y, angle } = trace;
  for (let i = 0; i < samples; i++) {
    const along = i * step;
    angle += step * trace.bend * smoothNoise1(along / 30, seed);
    x += step * Math.cos(angle);
    y += step * Math.sin(angle);
    const taper = Math.min(1, 6 * Math.min(i, samples - 1 - i) * (1 / samples) + 0.1);
    const pressure = 1 + 0.5 * smoothNoise1(along / 12, seed + 1);
    const lifted = 0.5 * (1 + smoothNoise1(along / 9, seed + 2)) < trace.gaps ? 0.1 : 1;
    const depth = trace.depth * taper * pressure * lifted;
    const left = Math.round(x) - reach;
    const top = Math.round(y) - reach;
    for (let k = 0; k < side * side; k++) {
      const px = left + (k % side);
      const py = top + Math.floor(k / side);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      // the row's shift moves the mark as it moves the grooves
      const dx = px + scan.across[py]! - x;
      const dy = scan.along[py]! - scan.origin - y;
      const distance = dx * dx + dy * dy;
      const p = py * width + px;
      const known = nearest.get(p);
      if (known && known.distance <= distance) continue;
      nearest.set(p, { distance, offset: dy * Math.cos(angle) - dx * Math.sin(angle), depth });
    }
  }
  for (const [p, { distance, offset, depth }] of nearest) {
    const t = Math.sqrt(distance) / trace.halfWidth;
    const core = Math.exp(-t * t);
    const s = (offset * Math.sign(trace.edge)) / trace.halfWidth - 1.7;
    const beyond = Math.abs(offset) * 1.2 < Math.sqrt(distance) ? 0 : 1;
    change[p]! += depth * (Math.abs(trace.edge) * beyond * Math.exp(-s * s * 1.5) - core);
  }
}
