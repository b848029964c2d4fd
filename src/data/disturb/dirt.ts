/** Dirt on the lens or its window: soft dark spots that lie on every picture alike. */
import type { Random } from '../../core/random.ts';
import { type DeepImage, mapped } from './unit-image.ts';

/** Radius of a spot, as a share of the shorter side. */
const RADII = [0.005, 0.02] as const;
/** How much of the light a spot lets through in its middle. */
const DARKEST = 0.5;

/** Spots until they would cover such a share of the picture, were none upon another. */
export function dirty(image: DeepImage, share: number, random: Random): DeepImage {
  const { width, height, channels } = image;
  const light = new Float32Array(width * height).fill(1);
  const side = Math.min(width, height);
  for (let covered = 0; covered < share * width * height; ) {
    const radius = Math.max(1, random.uniform(RADII[0] * side, RADII[1] * side));
    covered += Math.PI * radius ** 2;
    const spot = { x: random.uniform(0, width), y: random.uniform(0, height), radius };
    darken(light, { width, height }, spot);
  }
  return mapped(image, (value, i) => value * light[Math.floor(i / channels)]!);
}

/** Darkest in the middle, and nothing at twice the radius. */
function darken(
  light: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number },
): void {
  const reach = Math.ceil(2 * radius);
  for (let row = Math.max(0, Math.floor(y) - reach); row < Math.min(height, Math.floor(y) + reach + 1); row++) {
    for (
      let column = Math.max(0, Math.floor(x) - reach);
      column < Math.min(width, Math.floor(x) + reach + 1);
      column++
    ) {
      const away = Math.hypot(column - x, row - y) / (2 * radius);
      if (away < 1) light[row * width + column]! *= 1 - (1 - DARKEST) * Math.cos((away * Math.PI) / 2) ** 2;
    }
  }
}
