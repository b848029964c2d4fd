/** The outline of a part before a background: where the image shows the part, and the edge between. */
import type { Random } from '../../../core/random.ts';
import { smoothStep } from '../smooth-noise.ts';
import { logUniform, type Texture } from './texture.ts';

/** A form of part; the distance from its outline in pixels, above 0 within. */
type Outline = Texture;

/** Draws an outline that crosses or lies within an image of this side: a disc, a ring, a rounded box, or a straight edge. */
export function drawOutline(random: Random, size: number): Outline {
  const [x0, y0] = [random.uniform(0.2, 0.8) * size, random.uniform(0.2, 0.8) * size];
  const angle = random.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const radius = random.uniform(0.25, 0.7) * size;
  const inner = radius * random.uniform(0.2, 0.8);
  const ratio = random.uniform(0.4, 1);
  const rounding = random.uniform(0, 0.3) * radius;
  const kind = random.pick(['disc', 'ring', 'box', 'edge'] as const);
  return (x, y) => {
    const [dx, dy] = [x - x0, y - y0];
    const distance = Math.hypot(dx, dy);
    if (kind === 'disc') return radius - distance;
    if (kind === 'ring') return Math.min(radius - distance, distance - inner);
    const [u, v] = [cos * dx + sin * dy, cos * dy - sin * dx];
    if (kind === 'edge') return u;
    const [a, b] = [Math.abs(u) - radius + rounding, Math.abs(v) - ratio * radius + rounding];
    return rounding - Math.hypot(Math.max(a, 0), Math.max(b, 0)) - Math.min(0, Math.max(a, b));
  };
}

/** The part before its background, with a chamfer or a shade along its edge. */
export function beforeBackground(part: Texture, background: Texture, outline: Outline, random: Random): Texture {
  const width = logUniform(random, 1.5, 14);
  const edge = random.uniform(-0.35, 0.35);
  return (x, y) => {
    const inside = outline(x, y);
    const shown = smoothStep(-0.7, 0.7, inside);
    const chamfer = edge * Math.exp(-((inside / width) ** 2));
    return (shown === 0 ? 0 : shown * (part(x, y) + chamfer)) + (shown === 1 ? 0 : (1 - shown) * background(x, y));
  };
}
