/**
 * The solid form of a forged coupling link: two rounded eyes with holes, a thinner waist with a pocket on both sides, drafted flanks, and the
 * ridge of trimmed flash where the dies met. As a signed distance, in millimetres, of part coordinates: x along the link, z through its thickness.
 * (Distance fields and their smooth unions: J. C. Hart, Sphere tracing, The Visual Computer 12, 1996; I. Quilez, Distance functions.)
 */
import { Random } from '../../../core/random.ts';
import { smoothStep } from '../smooth-noise.ts';

/** Signed distance to a surface in mm, negative inside; may overstate by half where the thickness changes. */
export type Distance = (x: number, y: number, z: number) => number;

/** Half the sides of a box about (0, 0, 0) that holds every link, mm. */
export const linkBounds = { x: 64, y: 25, z: 12.5 } as const;

interface LinkShape {
  /** Half the distance of the eyes' centres. */
  readonly reach: number;
  readonly eyes: readonly [number, number];
  readonly holes: readonly [number, number];
  /** Half widths and half thicknesses. */
  readonly waist: number;
  readonly eyeThickness: number;
  readonly waistThickness: number;
  readonly pocket: number;
  readonly pocketDepth: number;
  readonly rounding: number;
  /** Slope of the flanks. */
  readonly draft: number;
  /** Height of the ridge of flash. */
  readonly flash: number;
}

/** The form of link number `part`: the dies are those of the production that `seed` names, each forging differs by a per cent or so. */
export function drawLinkShape(seed: number, part: number): LinkShape {
  const die = Random.of(seed, 'link die');
  const forging = Random.of(seed, 'link forging', part);
  const drawn = (low: number, high: number, tolerance = 0.012) =>
    die.uniform(low, high) * (1 + tolerance * forging.uniform(-1, 1));
  return {
    reach: drawn(36, 39, 0.004),
    eyes: [drawn(19.5, 22), drawn(18, 20.5)],
    holes: [drawn(9.5, 11), drawn(8.5, 10)],
    waist: drawn(9.5, 11.5),
    eyeThickness: drawn(8.5, 10),
    waistThickness: drawn(6, 7.2),
    pocket: drawn(4.6, 5.6),
    pocketDepth: drawn(0.6, 1, 0.1),
    rounding: drawn(2, 3, 0.15),
    draft: drawn(0.08, 0.13, 0.05),
    flash: drawn(0.25, 0.55, 0.6),
  };
}

/** Union of two distances, rounded over `k` millimetres. */
function smoothUnion(a: number, b: number, k: number): number {
  const h = Math.max(0, k - Math.abs(a - b)) / k;
  return Math.min(a, b) - h * h * k * 0.25;
}

/** Several times as fast as Math.hypot, which guards against overflow. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** The distance field of a link. */
export function linkDistance(shape: LinkShape): Distance {
  const { reach, eyes, holes, waist, eyeThickness, waistThickness, pocket, pocketDepth, rounding, draft, flash } =
    shape;
  return (x, y, z) => {
    const depth = Math.abs(z);
    const first = length(x + reach, y);
    const second = length(x - reach, y);
    const eye = Math.min(first - eyes[0], second - eyes[1]);
    const middle = Math.max(Math.abs(y) - waist, Math.abs(x) - reach);
    let outline = smoothUnion(eye, middle, 12);
    outline = Math.max(outline, holes[0] - first, holes[1] - second) + draft * depth;
    if (depth < 0.9) outline -= flash * (1 - depth / 0.9) ** 2;
    let half = eyeThickness;
    if (eye > -3) {
      half += (waistThickness - eyeThickness) * smoothStep(-3, 7, eye);
      const alongPocket = Math.max(0, Math.abs(x) - 0.3 * reach);
      half -= pocketDepth * (1 - smoothStep(-2.5, 2.5, length(alongPocket, y) - pocket));
    }
    const a = outline + rounding;
    const b = depth - half + rounding;
    return Math.min(Math.max(a, b), 0) + length(Math.max(a, 0), Math.max(b, 0)) - rounding;
  };
}
