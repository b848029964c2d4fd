/** Families made of scattered things: a lattice of cells, one thing in each, at a place that its cell's hash says. */
import { nodeValue } from '../smooth-noise.ts';
import { type Family, logUniform, seedOf, type Texture } from './texture.ts';

/** The nearest and the second nearest of scattered points, one a cell of side 1, and a value -1..1 that belongs to the nearest. */
function nearest(x: number, y: number, seed: number): { first: number; second: number; value: number } {
  const [ci, cj] = [Math.floor(x), Math.floor(y)];
  let first = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  let [bestI, bestJ] = [ci, cj];
  for (let i = ci - 1; i <= ci + 1; i++) {
    for (let j = cj - 1; j <= cj + 1; j++) {
      const dx = i + 0.5 + 0.5 * nodeValue(i, j, seed) - x;
      const dy = j + 0.5 + 0.5 * nodeValue(i, j, seed + 1) - y;
      const distance = dx * dx + dy * dy;
      if (distance < first) {
        second = first;
        first = distance;
        [bestI, bestJ] = [i, j];
      } else if (distance < second) second = distance;
    }
  }
  return { first: Math.sqrt(first), second: Math.sqrt(second), value: nodeValue(bestI, bestJ, seed + 2) };
}

/** Crystals, pebbles and cracked coats: cells of equal grey, domes, or lines between the cells, drawn out or not. */
export const grains: Family = (random) => {
  const size = logUniform(random, 4, 60);
  const long = random.next() < 0.6 ? 1 : logUniform(random, 1.5, 5);
  const seed = seedOf(random);
  const [facet, dome, line] = random.pick([
    [1, 0, 0],
    [1, 0, 1],
    [0, 1, 0],
    [0.4, 0.8, 0],
    [0.2, 0, 1],
  ] as const);
  const width = logUniform(random, 0.04, 0.3);
  const sign = random.pick([-1, 1]);
  return (x, y) => {
    const { first, second, value } = nearest(x / (size * long), y / size, seed);
    const border = second - first < width ? 1 - (second - first) / width : 0;
    return facet * value + dome * (1 - 2 * first) + 2 * sign * line * border;
  };
};

/** Pores, pits, dots and droplets: round or oval spots, here more and there fewer, soft or sharp at their rim. */
export const pores: Family = (random) => {
  const size = logUniform(random, 5, 60);
  const seed = seedOf(random);
  const density = random.uniform(0.15, 1);
  const largest = random.uniform(0.12, 0.5);
  const softness = random.uniform(0.05, 1);
  const sign = random.pick([-1, 1]);
  const oval = random.next() < 0.6 ? 1 : logUniform(random, 1.3, 4);
  return (px, py) => {
    const [x, y] = [px / size / oval, py / size];
    const [ci, cj] = [Math.floor(x), Math.floor(y)];
    let depth = 0;
    for (let i = ci - 1; i <= ci + 1; i++) {
      for (let j = cj - 1; j <= cj + 1; j++) {
        if (nodeValue(i, j, seed) > 2 * density - 1) continue;
        const radius = largest * (0.6 + 0.4 * nodeValue(i, j, seed + 1));
        const dx = i + 0.5 + 0.5 * nodeValue(i, j, seed + 2) - x;
        const dy = j + 0.5 + 0.5 * nodeValue(i, j, seed + 3) - y;
        const inside = 1 - Math.sqrt(dx * dx + dy * dy) / radius;
        if (inside > 0) depth = Math.max(depth, Math.min(1, inside / softness));
      }
    }
    return sign * (2 * depth - 0.5);
  };
};

/** Fibres, felt, hair and handling marks: short lines in all directions, or about one. */
export const fibres: Family = (random) => {
  const length = logUniform(random, 10, 60);
  const width = logUniform(random, 0.5, 3) / length;
  const spread = random.next() < 0.5 ? Math.PI : random.uniform(0.1, 0.8);
  const layers = 1 + random.integer(3);
  const seed = seedOf(random);
  const sign = random.pick([-1, 1]);
  const layer = (x: number, y: number, from: number): number => {
    const [ci, cj] = [Math.floor(x), Math.floor(y)];
    let best = 0;
    for (let i = ci - 1; i <= ci + 1; i++) {
      for (let j = cj - 1; j <= cj + 1; j++) {
        const dx = x - i - 0.5 - 0.5 * nodeValue(i, j, from);
        const dy = y - j - 0.5 - 0.5 * nodeValue(i, j, from + 1);
        const angle = spread * nodeValue(i, j, from + 2);
        const along = dx * Math.cos(angle) + dy * Math.sin(angle);
        const across = dy * Math.cos(angle) - dx * Math.sin(angle);
        if (Math.abs(along) > 0.5 || Math.abs(across) > 2 * width) continue;
        best = Math.max(best, (0.75 + 0.25 * nodeValue(i, j, from + 3)) * Math.exp(-((across / width) ** 2)));
      }
    }
    return best;
  };
  const texture: Texture = (x, y) => {
    let best = 0;
    for (let k = 0; k < layers; k++) best = Math.max(best, layer(x / length + 0.4 * k, y / length, seed + 10 * k));
    return sign * (2 * best - 0.5);
  };
  return texture;
};
