/**
 * What the camera sees of a solid, found by sphere tracing (J. C. Hart, The Visual Computer 12, 1996): for each pixel the point of the surface,
 * its normal, how much of the pixel it covers, and how much of the main lamp's light gets there.
 */
import { type Distance, linkBounds } from './link-shape.ts';
import type { Pose } from './pose.ts';

/** Pixels [left, left + width) x [top, top + height) of an image. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Arrays have one entry (or three, x y z) for each pixel of the box, row by row. */
export interface TracedView {
  readonly box: PixelBox;
  /** Part coordinates in mm of the point that is seen. */
  readonly position: Float32Array;
  /** Normal of the smooth solid, length 1. */
  readonly normal: Float32Array;
  /** 1 where the pixel shows the solid, 0 the background, between at the outline. */
  readonly cover: Float32Array;
  /** Share of the main lamp that is not shaded by the solid itself. */
  readonly lit: Float32Array;
}

/** Below this distance, mm, a ray has arrived. */
const arrived = 0.02;
/** Share of the stated distance that a ray advances: the field overstates it in places. */
const caution = 0.75;

/** Traces the pixels of a box. */
export function traceView(distance: Distance, pose: Pose, box: PixelBox): TracedView {
  const count = box.width * box.height;
  const position = new Float32Array(3 * count);
  const normal = new Float32Array(3 * count);
  const cover = new Float32Array(count);
  const lit = new Float32Array(count);
  const [right, down, out] = pose.axes;
  const [outX, outY, outZ] = out.map((c) => (Math.abs(c) < 1e-6 ? 1e-6 : c)) as [number, number, number];
  const pixel = 1 / pose.scale;
  for (let row = 0, p = 0; row < box.height; row++) {
    const v = (box.top + row - pose.centre[1]) * pixel;
    for (let column = 0; column < box.width; column++, p++) {
      const u = (box.left + column - pose.centre[0]) * pixel;
      const x = right[0] * u + down[0] * v;
      const y = right[1] * u + down[1] * v;
      const z = right[2] * u + down[2] * v;
      // heights above the image plane between which the ray is in the box about the solid
      const mx = Math.abs(linkBounds.x / outX);
      const my = Math.abs(linkBounds.y / outY);
      const mz = Math.abs(linkBounds.z / outZ);
      const high = Math.min(mx - x / outX, my - y / outY, mz - z / outZ);
      const low = Math.max(-mx - x / outX, -my - y / outY, -mz - z / outZ);
      let h = high;
      let closest = Number.POSITIVE_INFINITY;
      let closestH = h;
      for (let step = 0; step < 80 && h > low; step++) {
        const d = distance(x + h * outX, y + h * outY, z + h * outZ);
        if (d < closest) {
          closest = d;
          closestH = h;
        }
        // where the field overstated, the ray is inside and the next step leads back
        if (Math.abs(d) < arrived) {
          closestH = h;
          break;
        }
        h -= caution * d;
      }
      // a ray that passes within a pixel shows the outline in part
      const covered = closest < arrived ? 1 : Math.max(0, 1 - closest / pixel);
      if (covered === 0) continue;
      cover[p] = covered;
      const px = x + closestH * outX;
      const py = y + closestH * outY;
      const pz = z + closestH * outZ;
      position[3 * p] = px;
      position[3 * p + 1] = py;
      position[3 * p + 2] = pz;
      setNormal(normal, p, distance, px, py, pz);
      lit[p] = lightAt(distance, pose, px, py, pz, normal, p);
    }
  }
  return { box, position, normal, cover, lit };
}

/** The gradient of the distance by four values at the corners of a tetrahedron. */
function setNormal(normal: Float32Array, p: number, distance: Distance, x: number, y: number, z: number): void {
  const e = 0.15;
  const a = distance(x + e, y - e, z - e);
  const b = distance(x - e, y - e, z + e);
  const c = distance(x - e, y + e, z - e);
  const d = distance(x + e, y + e, z + e);
  const nx = a - b - c + d;
  const ny = -a - b + c + d;
  const nz = -a + b - c + d;
  const length = Math.hypot(nx, ny, nz) || 1;
  normal[3 * p] = nx / length;
  normal[3 * p + 1] = ny / length;
  normal[3 * p + 2] = nz / length;
}

/** Share of the main lamp seen from a point: a ray towards it that comes near the solid is in half shade, as the lamp is wide. */
function lightAt(
  distance: Distance,
  { keyLamp }: Pose,
  x: number,
  y: number,
  z: number,
  normal: Float32Array,
  p: number,
): number {
  const [lx, ly, lz] = keyLamp;
  const nx = normal[3 * p]!;
  const ny = normal[3 * p + 1]!;
  const nz = normal[3 * p + 2]!;
  if (nx * lx + ny * ly + nz * lz <= 0) return 0;
  let share = 1;
  let run = 0.4;
  const sx = x + 0.25 * nx;
  const sy = y + 0.25 * ny;
  const sz = z + 0.25 * nz;
  for (let step = 0; step < 24 && run < 60; step++) {
    const qz = sz + run * lz;
    if (Math.abs(qz) > linkBounds.z) break;
    const d = distance(sx + run * lx, sy + run * ly, qz);
    if (d < arrived) return 0;
    share = Math.min(share, (7 * d) / run);
    run += Math.max(0.3, caution * d);
  }
  return share;
}
