/** Families of what is regular: stripes, grids, knurling, weaves, turned grooves, bricks, perforated plate; each a little irregular. */
import type { Random } from '../../../core/random.ts';
import { nodeValue, smoothNoise1, smoothNoise2 } from '../smooth-noise.ts';
import { type Family, fraction, logUniform, seedOf, type Texture } from './texture.ts';

type Wave = (phase: number) => number;

/** A form of wave of period 1, -1..1. */
function drawWave(random: Random): Wave {
  const duty = random.uniform(0.15, 0.85);
  const sharpness = random.uniform(0.3, 2.5);
  return random.pick<Wave>([
    (t) => Math.sin(2 * Math.PI * t),
    (t) => 1 - 4 * Math.abs(fraction(t) - 0.5),
    (t) => 2 * fraction(t) - 1,
    (t) => (fraction(t) < duty ? 1 : -1),
    (t) => 2 * Math.abs(Math.sin(Math.PI * t)) ** sharpness - 1,
  ]);
}

/** What keeps a pattern from being exact: places move by a share of the period, slowly. */
function drawWander(random: Random): Texture {
  const strength = random.next() < 0.4 ? 0 : random.uniform(0, 0.4);
  const reach = logUniform(random, 30, 200);
  const seed = seedOf(random);
  return (x, y) => (strength === 0 ? 0 : strength * smoothNoise2(x / reach, y / reach, seed));
}

/** Stripes, ribs, saw cuts; some stronger than others. */
export const stripes: Family = (random) => {
  const period = logUniform(random, 4, 50);
  const wave = drawWave(random);
  const wander = drawWander(random);
  const unequal = random.uniform(0, 0.6);
  const seed = seedOf(random);
  return (x, y) => {
    const phase = x / period + wander(x, y);
    return wave(phase) * (1 + unequal * nodeValue(Math.floor(phase), 0, seed));
  };
};

/** Grids, knurling, mesh: two sets of stripes, crossing at any angle. */
export const grid: Family = (random) => {
  const period = logUniform(random, 5, 40);
  const ratio = random.next() < 0.6 ? 1 : logUniform(random, 0.5, 2);
  const wave = drawWave(random);
  const angle = random.pick([Math.PI / 2, Math.PI / 3, random.uniform(0.5, Math.PI / 2)]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const join = random.pick<(a: number, b: number) => number>([Math.max, Math.min, (a, b) => a + b, (a, b) => a * b]);
  const wander = drawWander(random);
  return (x, y) => {
    const moved = wander(x, y);
    return join(wave(x / period + moved), wave((cos * x + sin * y) / (period * ratio) + moved));
  };
};

/** Weaves: threads that go over and under each other, plain or twilled. */
export const weave: Family = (random) => {
  const period = logUniform(random, 4, 24);
  const twill = random.pick([2, 2, 3, 4]);
  const [warp, weft] = [random.uniform(-0.5, 1), random.uniform(-1, 0.5)];
  const roundness = random.uniform(0.3, 1.2);
  const wander = drawWander(random);
  return (x, y) => {
    const moved = wander(x, y);
    const [u, v] = [x / period + moved, y / period - moved];
    const over = (((Math.floor(u) + Math.floor(v)) % twill) + twill) % twill === 0;
    const across = Math.abs(Math.sin(Math.PI * (over ? u : v)));
    return (over ? warp : weft) + 1.5 * across ** roundness - 1;
  };
};

/** Turned and engine-turned faces: grooves around centres that may be far away or near. */
export const turning: Family = (random) => {
  const period = logUniform(random, 3, 30);
  const apart = logUniform(random, 40, 1500);
  const wave = drawWave(random);
  const seed = seedOf(random);
  const rough = random.uniform(0, 1.5);
  const staggered = random.next() < 0.5 ? 0.5 : 0;
  return (x, y) => {
    const row = Math.floor(y / apart);
    const dx = fraction(x / apart + staggered * (row & 1)) - 0.5;
    const radius = (apart * Math.hypot(dx, fraction(y / apart) - 0.5)) / period;
    return wave(radius) + rough * smoothNoise1(radius * 1.7, seed);
  };
};

/** Bricks, tiles, checkers, parquet: boxes in rows with joints between, each of a grey of its own. */
export const bricks: Family = (random) => {
  const height = logUniform(random, 6, 50);
  const width = height * random.pick([1, 1, 2, random.uniform(1, 5)]);
  const shift = random.pick([0, 0.5, random.next()]);
  const joint = logUniform(random, 0.02, 0.25);
  const sign = random.pick([-1, 0, 1]);
  const facet = random.uniform(0, 1);
  const checker = random.next() < 0.3 ? 1 : 0;
  const seed = seedOf(random);
  return (x, y) => {
    const row = Math.floor(y / height);
    const u = x / width + shift * row;
    const column = Math.floor(u);
    const edge = Math.min(
      Math.min(fraction(u), 1 - fraction(u)) * width,
      Math.min(fraction(y / height), 1 - fraction(y / height)) * height,
    );
    if (sign !== 0 && edge < (joint * height) / 2) return 1.5 * sign;
    return facet * nodeValue(column, row, seed) + checker * (((row + column) & 1) === 0 ? 0.7 : -0.7);
  };
};

/** Perforated plate, studs, printed dots: a thing at every node of a lattice, square or hexagonal. */
export const dots: Family = (random) => {
  const period = logUniform(random, 6, 50);
  const hexagonal = random.next() < 0.5;
  const rise = hexagonal ? Math.sqrt(3) / 2 : 1;
  const radius = random.uniform(0.15, 0.48);
  const softness = logUniform(random, 0.03, 0.6);
  const sign = random.pick([-1, 1]);
  const wander = drawWander(random);
  return (px, py) => {
    const moved = 0.5 * wander(px, py);
    const y = py / period / rise + moved;
    const row = Math.round(y);
    const x = px / period + (hexagonal && (row & 1) === 1 ? 0.5 : 0) + moved;
    const distance = Math.hypot(x - Math.round(x), (y - row) * rise);
    return sign * (2 * Math.min(1, Math.max(0, (radius - distance) / softness + 0.5)) - 1);
  };
};
