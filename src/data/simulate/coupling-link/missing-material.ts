/**
 * Missing material: a corner that the die did not fill, or that broke out. A lumpy ball is taken out of the solid, its brim rounded.
 */
import type { Random } from '../../../core/random.ts';
import { type Gradient, smoothNoise3 } from '../smooth-noise.ts';
import type { Distance } from './link-shape.ts';
import type { Vector } from './pose.ts';
import { drawSurfacePlace } from './surface-place.ts';

export interface Cut {
  /** The solid without what is missing. */
  readonly distance: Distance;
  /** A ball that holds all that is missing, mm. */
  readonly centre: Vector;
  readonly reach: number;
}

/** Takes material out at an edge of the solid. `strength` scales the size. */
export function drawMissingMaterial(solid: Distance, random: Random, strength: number): Cut {
  let place = drawSurfacePlace(solid, random);
  // on edges, neither flat faces nor the middle of flanks
  while (Math.abs(place.normal[2]) < 0.2 || Math.abs(place.normal[2]) > 0.9) place = drawSurfacePlace(solid, random);
  const radius = Math.min(11, Math.max(1.2, 2.6 * (7 / 2.6) ** random.next() * Math.sqrt(strength)));
  const out = radius * random.uniform(0.25, 0.65);
  const seed = random.integer(2 ** 31);
  const lumps = radius * random.uniform(0.1, 0.35);
  const brim = random.uniform(0.3, 1.4);
  const centre: Vector = [
    place.point[0] + out * place.normal[0],
    place.point[1] + out * place.normal[1],
    place.point[2] + out * place.normal[2],
  ];
  const gradient: Gradient = new Float64Array(3);
  const reach = radius + lumps + brim + 0.5;
  const distance: Distance = (x, y, z) => {
    const d = solid(x, y, z);
    const far = Math.hypot(x - centre[0], y - centre[1], z - centre[2]);
    if (far > reach) return d;
    const period = 0.55 * radius;
    const hole = radius - far + lumps * smoothNoise3(x / period, y / period, z / period, seed, gradient);
    // the larger of both, rounded over the brim
    const h = Math.max(0, brim - Math.abs(d - hole)) / brim;
    return Math.max(d, hole) + h * h * brim * 0.25;
  };
  return { distance, centre, reach };
}
