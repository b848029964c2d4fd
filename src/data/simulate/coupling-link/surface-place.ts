/**
 * Places on a link's surface, and the plane that touches it there.
 */
import type { Random } from '../../../core/random.ts';
import { type Distance, linkBounds } from './link-shape.ts';
import type { Vector } from './pose.ts';

/** A point of the surface with its normal and two directions of the tangent plane, all of part coordinates. */
export interface SurfacePlace {
  readonly point: Vector;
  readonly normal: Vector;
  readonly u: Vector;
  readonly v: Vector;
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** A place seen from outside, anywhere on faces, edges and flanks: where a ray towards the link's middle line meets it. */
export function drawSurfacePlace(distance: Distance, random: Random): SurfacePlace {
  for (;;) {
    const target: Vector = [0.85 * linkBounds.x * random.uniform(-1, 1), 16 * random.uniform(-1, 1), 0];
    const towards = unit([0.4 * random.normal(), random.normal(), random.normal()]);
    const start = 2 * linkBounds.x;
    for (let run = start; run > 0; ) {
      const point: Vector = [target[0] + run * towards[0], target[1] + run * towards[1], target[2] + run * towards[2]];
      const d = distance(...point);
      if (d < 0.02) return placeAt(distance, point, random);
      run -= 0.75 * d;
    }
  }
}

function placeAt(distance: Distance, point: Vector, random: Random): SurfacePlace {
  const [x, y, z] = point;
  const e = 0.15;
  const normal = unit([
    distance(x + e, y, z) - distance(x - e, y, z),
    distance(x, y + e, z) - distance(x, y - e, z),
    distance(x, y, z + e) - distance(x, y, z - e),
  ]);
  const u = unit(cross(normal, unit([random.normal(), random.normal(), random.normal()])));
  return { point, normal, u, v: cross(normal, u) };
}
