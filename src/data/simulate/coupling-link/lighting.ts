/**
 * From skin, normal and lamps to radiance: matte steel with a broad gloss under a main lamp with shade, a weaker one, and light from all around.
 */
import type { Pose, Vector } from './pose.ts';
import type { TracedView } from './traced-view.ts';

const keyPower = 0.85;
const fillPower = 0.28;
const around = 0.24;
/** Exponent of the gloss: broad, as blasted steel has no mirror in it. */
const glossiness = 14;

/** The skin of every pixel of a view: gradient of the height (x y z), reflectance, gloss. */
export interface SkinView {
  readonly gradient: Float32Array;
  readonly albedo: Float32Array;
  readonly gloss: Float32Array;
}

/** A change of the skin at one pixel. */
export interface SkinChange {
  readonly gradient: Vector;
  readonly albedo: number;
}

const unchanged: SkinChange = { gradient: [0, 0, 0], albedo: 1 };

/** Radiance of pixel `p`, about 1 for a bare face under the main lamp. */
export function radianceAt(
  view: TracedView,
  skin: SkinView,
  pose: Pose,
  p: number,
  change: SkinChange = unchanged,
): number {
  const i = 3 * p;
  let nx = view.normal[i]!;
  let ny = view.normal[i + 1]!;
  let nz = view.normal[i + 2]!;
  const gx = skin.gradient[i]! + change.gradient[0];
  const gy = skin.gradient[i + 1]! + change.gradient[1];
  const gz = skin.gradient[i + 2]! + change.gradient[2];
  // the normal leans against the slope within the surface (J. F. Blinn, Simulation of wrinkled surfaces, 1978)
  const through = gx * nx + gy * ny + gz * nz;
  nx -= gx - through * nx;
  ny -= gy - through * ny;
  nz -= gz - through * nz;
  const length = Math.hypot(nx, ny, nz);
  nx /= length;
  ny /= length;
  nz /= length;
  const [kx, ky, kz] = pose.keyLamp;
  const [fx, fy, fz] = pose.fillLamp;
  const [ox, oy, oz] = pose.axes[2];
  const lit = view.lit[p]!;
  const key = Math.max(0, nx * kx + ny * ky + nz * kz) * lit;
  const fill = Math.max(0, nx * fx + ny * fy + nz * fz);
  const facing = Math.max(0, nx * ox + ny * oy + nz * oz);
  const hx = kx + ox;
  const hy = ky + oy;
  const hz = kz + oz;
  const half = Math.max(0, nx * hx + ny * hy + nz * hz) / Math.hypot(hx, hy, hz);
  const matte = keyPower * key + fillPower * fill + around * (0.45 + 0.55 * facing);
  return skin.albedo[p]! * change.albedo * matte + skin.gloss[p]! * lit * half ** glossiness;
}
