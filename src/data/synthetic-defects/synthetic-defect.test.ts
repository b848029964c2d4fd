import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { layOver, type Surface } from './blend.ts';
import { cutPaste } from './cut-paste.ts';
import { noiseBlend } from './noise-blend.ts';
import { scratch } from './scratch.ts';
import { addSyntheticDefect } from './synthetic-defect.ts';

const [height, width] = [64, 96];

function surface(seed: number, shown?: Float32Array): Surface & { image: Float32Array<ArrayBuffer> } {
  const random = Random.of(seed, 'surface');
  const image = Float32Array.from({ length: height * width }, () => 0.5 + 0.1 * random.normal());
  return { height, width, image: image.map((v) => Math.min(1, Math.max(0, v))), ...(shown && { shown }) };
}
const donor = surface(-1).image;

function made(seed: number, shown?: Float32Array) {
  const before = surface(seed, shown);
  const after = surface(seed, shown);
  const mask = new Float32Array(height * width);
  const done = addSyntheticDefect(after, donor, Random.of(seed, 'defect'), mask);
  return { before: before.image, after: after.image, mask, done };
}

describe('addSyntheticDefect', () => {
  it('changes what its mask covers, visibly, and nothing else', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { before, after, mask, done } = made(seed);
        const change = after.reduce((sum, v, i) => sum + Math.abs(v - before[i]!), 0);
        const pixels = mask.reduce((sum, v) => sum + v, 0);
        expect(mask.every((v, i) => v === 1 || after[i] === before[i])).toBe(true);
        expect(after.every((v) => v >= 0 && v <= 1)).toBe(true);
        expect(done).toBe(pixels > 0);
        if (done) expect(change / pixels).toBeGreaterThan(0.029);
      }),
      { numRuns: 60 },
    );
  });

  it('nearly always finds a defect that can be seen', () => {
    expect(Array.from({ length: 100 }, (_, seed) => made(seed).done).filter(Boolean).length).toBeGreaterThan(97);
  });

  it('is a function of its stream of random numbers', () => {
    expect(made(5)).toEqual(made(5));
    expect(made(5).mask).not.toEqual(made(6).mask);
  });

  it('leaves padding alone', () => {
    const shown = Float32Array.from({ length: height * width }, (_, i) => (i % width < 40 ? 1 : 0));
    const results = Array.from({ length: 40 }, (_, seed) => made(seed, shown));
    for (const { before, after, mask } of results) {
      expect(shown.every((v, i) => v === 1 || (after[i] === before[i] && mask[i] === 0))).toBe(true);
    }
    expect(results.filter((r) => r.done).length).toBeGreaterThan(30);
    expect(made(1, new Float32Array(height * width)).done).toBe(false);
  });
});

describe.each([
  ['cut-paste', (s: Surface, random: Random) => cutPaste(s, donor, random)],
  ['noise blend', (s: Surface, random: Random) => noiseBlend(s, donor, random)],
  ['scratch', (s: Surface, random: Random) => scratch(s, random)],
] as const)('%s', (_, make) => {
  it('makes defects of many sizes, within the surface', () => {
    const sizes = Array.from({ length: 60 }, (_, seed) => {
      const mask = new Float32Array(height * width);
      const s = surface(seed);
      return layOver(s, make(s, Random.of(seed)), mask) ? mask.reduce((a, b) => a + b, 0) : 0;
    }).filter((n) => n > 0);
    expect(sizes.length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeGreaterThan(5 * Math.min(...sizes));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(0.5 * height * width);
  });
});

describe('layOver', () => {
  it('refuses what could not be seen', () => {
    const s = surface(1);
    const opacity = new Float32Array(height * width).fill(1, 0, 200);
    const mask = new Float32Array(height * width);
    expect(layOver(s, { texture: s.image.map((v) => v + 0.01), opacity }, mask)).toBe(false);
    expect(s.image).toEqual(surface(1).image);
    expect(layOver(s, { texture: s.image.map(() => 0), opacity }, mask)).toBe(true);
    expect(mask.reduce((a, b) => a + b, 0)).toBe(200);
  });
});
