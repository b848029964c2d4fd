/**
 * The defects of a long strip: those of the small images, and two that come of grinding itself, burns and cracks.
 */
import { drawJaggedLine, nearestOnLine } from '../jagged-line.ts';
import { fractalNoise2, smoothNoise1, smoothStep } from '../smooth-noise.ts';
import { type DrawDefect, defectDrawings, drawPlace, eachNear, logUniform } from './defects.ts';

/**
 * A grinding burn: heat has tempered the steel, which then reflects less, or, rehardened, more, in soft patches along the grooves,
 * often in bars where the wheel chattered.
 */
const drawBurn: DrawDefect = (change, { part, scan, surface }, random, strength) => {
  const place = drawPlace(random, scan, 0.15);
  const radius = logUniform(random, 22, 75);
  const stretch = random.uniform(0.2, 0.5);
  // the long axis lies along the grooves
  const tilt = part.direction + Math.PI / 2 + random.uniform(-0.15, 0.15);
  const depth = strength * logUniform(random, 0.09, 0.26) * (random.next() < 0.75 ? 1 : -0.8);
  const bars = random.next() < 0.6 ? random.uniform(0.2, 0.6) : 0;
  const barLength = random.uniform(9, 24);
  const seed = random.integer(2 ** 31);
  eachNear(scan, { place, radius, stretch, tilt }, 1.5, (p, { a, b, dx, dy }) => {
    const field = 1 - Math.hypot(a, b) + 0.55 * fractalNoise2(a * 2, b * stretch * 2, seed, 3);
    const extent = smoothStep(0, 0.75, field);
    if (extent === 0) return;
    const along = a * radius + 3 * smoothNoise1(b * 3 + 20, seed + 5);
    const chatter = 1 - bars * (0.5 + 0.5 * Math.cos((2 * Math.PI * along) / barLength));
    const cloud = 1 + 0.3 * fractalNoise2(dx / 14, dy / 14, seed + 9, 2);
    change[p]! -= depth * extent * chatter * cloud * surface[p]!;
  });
};

/** A grinding crack: fine, dark, jagged, about across the grooves, sometimes forked, without the bright edge that a scratch throws up. */
const drawCrack: DrawDefect = (change, { part, scan }, random, strength) => {
  const place = drawPlace(random, scan, 0.2);
  const length = logUniform(random, 22, 120);
  const angle = part.direction + random.uniform(-0.6, 0.6);
  const halfWidth = random.uniform(0.45, 0.9);
  const depth = Math.min(0.9, strength * logUniform(random, 0.22, 0.75));
  const seed = random.integer(2 ** 31);
  const form = { piece: random.uniform(3, 7), jag: random.uniform(0.7, 1.5) };
  const stem = drawJaggedLine(random, { length, angle, ...form });
  const lines = [{ line: stem, x: 0, y: 0, share: 1 }];
  for (let fork = random.integer(3); fork > 0; fork--) {
    const node = random.integer(stem.x.length);
    const turn = angle + random.uniform(0.5, 1.1) * (random.next() < 0.5 ? -1 : 1);
    const branch = drawJaggedLine(random, { length: length * random.uniform(0.15, 0.4), angle: turn, ...form });
    lines.push({ line: branch, x: stem.x[node]! - branch.x[0]!, y: stem.y[node]! - branch.y[0]!, share: 0.7 });
  }
  eachNear(scan, { place, radius: 0.75 * length + 6, stretch: 1, tilt: 0 }, 1, (p, { dx, dy }) => {
    let deepest = 0;
    for (const { line, x, y, share } of lines) {
      const { distance, along } = nearestOnLine(line, dx - x, dy - y);
      if (distance > 3 * halfWidth + 0.5) continue;
      const taper = Math.min(1, 0.2 + 5 * Math.min(along, 1 - along));
      const openness = 0.75 + 0.45 * smoothNoise1((along * length) / 7, seed);
      deepest = Math.max(deepest, share * taper * openness * Math.exp(-((distance / halfWidth) ** 2)));
    }
    change[p]! -= depth * deepest;
  });
};

/** Every defect class of a strip with its drawing. */
export const stripDefects = { ...defectDrawings, burn: drawBurn, crack: drawCrack } as const;

export type StripDefect = keyof typeof stripDefects;
