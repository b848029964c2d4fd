/**
 * Made photographs of repeatable parts under a fixed camera: six designs, each part of which differs from the next by its
 * own surface and a little displacement alone. One part can be photographed again under other light, place or angle.
 */
import { Random } from '../src/core/random.ts';
import type { Image } from '../src/data/image/raster.ts';

/** How one photograph differs from the next of the same part. */
export interface Photograph {
  /** Names the camera's noise; equal parts and takes are equal pictures. */
  readonly take?: number;
  /** Factor of the light, 1 unless told. */
  readonly exposure?: number;
  /** Displacement of the camera as a share of the picture's side. */
  readonly dx?: number;
  readonly dy?: number;
  /** Turn of the camera in degrees. */
  readonly turn?: number;
}

/** Grey value of a part at (u, v), both 0..128 within the picture. */
type Surface = (u: number, v: number) => number;

/** Soft spots of `height` grey values at most, a surface of its own. */
function mottled(random: Random, spots: number, height: number, [from, to]: [number, number]): Surface {
  const all = Array.from({ length: spots }, () => {
    const radius = random.uniform(from, to);
    return { x: random.uniform(0, 128), y: random.uniform(0, 128), radius, height: random.uniform(-height, height) };
  });
  return (u, v) => {
    let sum = 0;
    for (const { x, y, radius, height: h } of all) {
      const d = ((u - x) ** 2 + (v - y) ** 2) / (2 * radius * radius);
      if (d < 8) sum += h * Math.exp(-d);
    }
    return sum;
  };
}

/** Streaks along u, as brushing leaves them, `height` grey values in deviation. */
function brushed(random: Random, height: number): Surface {
  const streaks = Array.from({ length: 260 }, () => ({
    y: random.uniform(0, 128),
    from: random.uniform(-40, 128),
    length: random.uniform(20, 70),
    width: random.uniform(0.5, 1.4),
    height: height * random.normal(),
  }));
  return (u, v) => {
    let sum = 0;
    for (const s of streaks) {
      const d = Math.abs(v - s.y) / s.width;
      if (d < 3 && u > s.from && u < s.from + s.length) sum += s.height * Math.exp(-d * d);
    }
    return sum;
  };
}

const inside = (u: number, v: number, x: number, y: number, w: number, h: number): boolean =>
  u >= x && u < x + w && v >= y && v < y + h;

/** Components of the board: the same places on each board. */
const components = Array.from({ length: 40 }, (_, n) => {
  const random = Random.of(7, 'component', n);
  return {
    x: random.uniform(4, 116),
    y: random.uniform(4, 116),
    w: random.uniform(4, 14),
    h: random.uniform(3, 9),
    grey: random.uniform(30, 220),
  };
});

const designs = {
  /** A machined disc with marks: the part moves, its surface is its own. */
  disc: (random: Random): Surface => {
    const own = mottled(random, 30, 20, [2, 6]);
    const [dx, dy] = [random.uniform(-2, 2), random.uniform(-2, 2)];
    return (x, y) => {
      const [u, v] = [x + dx, y + dy];
      const r = Math.hypot(u - 64, v - 64);
      let g = r < 20 ? 40 : r < 50 ? 150 : 60;
      if (((Math.floor(u) % 32) + 32) % 32 < 6 && ((Math.floor(v) % 32) + 32) % 32 < 6) g = 220;
      return g + own(x, y);
    };
  },
  /** A printed board: components placed to half a pixel, one by one. */
  board: (random: Random): Surface => {
    const own = mottled(random, 40, 14, [1.5, 4]);
    const placed = components.map((c) => ({
      ...c,
      x: c.x + random.uniform(-0.5, 0.5),
      y: c.y + random.uniform(-0.5, 0.5),
      grey: c.grey * random.uniform(0.92, 1.08),
    }));
    return (u, v) => {
      let g = Math.floor(v / 3) % 4 === 0 ? 95 : 75;
      for (const c of placed) if (inside(u, v, c.x, c.y, c.w, c.h)) g = c.grey;
      return g + own(u, v);
    };
  },
  /** A woven mesh: the same everywhere, at a phase of its own. */
  mesh: (random: Random): Surface => {
    const own = mottled(random, 40, 16, [2, 6]);
    const [dx, dy] = [random.uniform(-2, 2), random.uniform(-2, 2)];
    return (u, v) =>
      120 +
      45 * Math.sin(((u + dx) * 2 * Math.PI) / 8) * Math.sin(((v + dy) * 2 * Math.PI) / 8) +
      20 * Math.sin(((u + dx) * 2 * Math.PI) / 4) +
      own(u, v);
  },
  /** A brushed plate with two holes and an engraved mark. */
  brushed: (random: Random): Surface => {
    const own = brushed(random, 9);
    const [dx, dy] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    return (x, y) => {
      const [u, v] = [x + dx, y + dy];
      if (Math.hypot(u - 24, v - 30) < 10 || Math.hypot(u - 100, v - 96) < 14) return 25;
      if (inside(u, v, 44, 56, 40, 16) && Math.floor(u / 3) % 2 === 0) return 70 + own(x, y);
      return 150 + own(x, y);
    };
  },
  /** A moulded cap with ribs on black ground, a little turned from part to part. */
  cap: (random: Random): Surface => {
    const own = mottled(random, 50, 9, [2, 6]);
    const turn = random.uniform(-0.02, 0.02);
    const [dx, dy] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    return (x, y) => {
      const [u, v] = [x + dx - 64, y + dy - 64];
      const r = Math.hypot(u, v);
      if (r > 54) return 8;
      const rib = Math.sin(24 * (Math.atan2(v, u) + turn));
      return (r > 30 ? 140 + 40 * rib : r > 26 ? 210 : 160) + own(x, y);
    };
  },
  /** A plate without texture: shading, and next to nothing that is a part's own. */
  plate: (random: Random): Surface => {
    const own = mottled(random, 12, 2, [4, 10]);
    return (u, v) => 150 - 0.004 * ((u - 60) ** 2 + (v - 70) ** 2) + own(u, v);
  },
} as const;

export type RepeatableDesign = keyof typeof designs;
export const repeatableDesigns = Object.keys(designs) as RepeatableDesign[];

/** A photograph of part `seed` of a design: grey, `side` x `side` pixels, camera noise of 4 grey values. */
export function photographPart(
  design: RepeatableDesign,
  seed: number,
  { take = 0, exposure = 1, dx = 0, dy = 0, turn = 0 }: Photograph = {},
  side = 128,
): Image {
  const surface = designs[design](Random.of(seed, design, 'part'));
  const camera = Random.of(seed, design, 'camera', take);
  const scale = 128 / side;
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [a, b] = [(x + 0.5) * scale - 64, (y + 0.5) * scale - 64];
      const grey = surface(64 + cos * a - sin * b + 128 * dx, 64 + sin * a + cos * b + 128 * dy);
      const noise = (camera.next() + camera.next() + camera.next() - 1.5) * 8;
      data[y * side + x] = Math.max(0, Math.min(255, Math.round(exposure * grey + noise)));
    }
  }
  return { width: side, height: side, channels: 1, data };
}
