/** The picture of one image without the design of its set. */
import type { Plane } from './contrast.ts';
import { type Design, SHOWN } from './design.ts';
import type { Displacement } from './displacement.ts';
import { takeOut } from './taking-out.ts';
import { uprightOn } from './upright.ts';

/** A picture without the design that it shows best, and where it lay on it; as it is where it shows none. */
export function withoutDesign(
  picture: Plane,
  designs: readonly Design[],
): { left: Plane; place: Displacement | undefined } {
  const best = uprightOn(picture, designs);
  if (best.place.value < SHOWN) return { left: picture, place: undefined };
  const { plane } = best;
  const { width, height } = plane;
  const { mean, weight } = best.design;
  const { dx, dy } = best.place;
  const data = takeOut(plane, mean, best.place);
  for (let y = Math.max(0, -dy); y < Math.min(height, mean.height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, mean.width - dx); x++) {
      data[y * width + x]! *= weight[(y + dy) * mean.width + x + dx]!;
    }
  }
  return { left: { width, height, data }, place: { dx, dy } };
}
