/**
 * Bringing a picture that lies unlike the others of its design into their place: one that was mirrored, turned by
 * quarters, turned a little or zoomed shows the design so, and would keep it.
 */
import { type Plane, reduce } from './contrast.ts';
import { type Design, type Placed, placeOnDesign } from './design.ts';
import { bestDisplacement, correlation } from './displacement.ts';
import { follow } from './follow.ts';
import { type Orientation, orient, orientations } from './orientation.ts';
import { type Affine, enlarged, shifted, warp } from './warp.ts';

/** Pixels along a pixel of the reduced pictures, and how many of these are searched for other orientations. */
const COARSE = 4;
const REACH = 5;
/** Orientations that are looked at closely. */
const LIKELY = 3;
/** What another orientation, a turn or a zoom must add to the correlation with the design before it is believed. */
const ADDED = 0.03;
/** What it must correlate then: a faint design is no guide. */
const CLEAR = 0.7;

/** Zooms that are tried first: a periodic design fits at each of them in some places. */
const zooms = [0, 0.04, -0.04];

interface Upright {
  readonly plane: Plane;
  readonly design: Design;
  readonly place: Placed;
}

/** The orientations in which a reduced picture correlates best with a reduced design, best first. */
function likelyOrientations(low: Plane, { coarse }: Design): Orientation[] {
  return orientations
    .map((orientation) => {
      const turned = orient(low, orientation);
      const centre = {
        dx: Math.round((coarse.width - turned.width) / 2),
        dy: Math.round((coarse.height - turned.height) / 2),
      };
      return { orientation, value: correlation(turned, coarse, bestDisplacement(turned, coarse, centre, REACH)) };
    })
    .sort((p, q) => q.value - p.value)
    .slice(0, LIKELY)
    .map(({ orientation }) => orientation);
}

/** A map with a zoom about the middle of a picture. */
function zoomed(at: Affine, zoom: number, { width, height }: Plane): Affine {
  return { ...at, dxx: zoom, dyy: zoom, dx: at.dx - (zoom * width) / 2, dy: at.dy - (zoom * height) / 2 };
}

/** A picture without the turn and the zoom against a design. */
function straight({ plane, design, place }: Upright): Upright {
  const { mean, coarse } = design;
  const low = reduce(plane, COARSE);
  const from = shifted({ dx: -place.dx / COARSE, dy: -place.dy / COARSE });
  const found = zooms
    .map((zoom) => follow(coarse, low, zoomed(from, zoom, coarse)))
    .reduce((one, other) => (other.value > one.value ? other : one));
  const under = warp(plane, enlarged(found.at, COARSE), mean);
  return { plane: under, design, place: placeOnDesign(under, design) };
}

const better = (one: Upright, other: Upright, by: number): Upright =>
  other.place.value > one.place.value + by ? other : one;

/** The design that a picture shows best, and the picture as it lies on it. */
export function uprightOn(picture: Plane, designs: readonly Design[]): Upright {
  const asItIs = designs
    .map((design): Upright => ({ plane: picture, design, place: placeOnDesign(picture, design) }))
    .reduce((one, other) => better(one, other, 0));
  if (asItIs.place.value >= asItIs.design.ordinary) return asItIs;
  const low = reduce(picture, COARSE);
  let best = asItIs;
  for (const design of designs) {
    for (const orientation of likelyOrientations(low, design)) {
      if (orientation === 0) continue;
      const plane = orient(picture, orientation);
      best = better(best, { plane, design, place: placeOnDesign(plane, design) }, best === asItIs ? ADDED : 0);
    }
  }
  best = better(best, straight(best), ADDED);
  return best.place.value >= CLEAR ? best : asItIs;
}
