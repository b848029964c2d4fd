import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { moved } from './moved.ts';
import { type Disturbance, disturbanceNames, disturbances } from './table.ts';
import { type DeepImage, fromDeep, toDeep } from './unit-image.ts';

const [width, height] = [48, 32];

/** A bright square on a slope. */
function picture(channels: 1 | 3): DeepImage {
  const data = Uint16Array.from({ length: width * height * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return x > 10 && x < 20 && y > 8 && y < 18 ? 50_000 : 15_000 + 200 * x + 100 * y;
  });
  return { width, height, channels, data };
}

const difference = (a: DeepImage, b: DeepImage): number =>
  a.data.reduce((sum, v, i) => sum + Math.abs(v - b.data[i]!), 0) / a.data.length;

describe.each(disturbanceNames)('the disturbance %s', (name) => {
  const { degrees, disturb }: Disturbance = disturbances[name];
  const at = (image: DeepImage, degree: number, seed = 1) => disturb(image, degree, Random.of(seed, name));

  it.each([1, 3] as const)('keeps sides and %s channels, and changes the more the stronger it is', async (channels) => {
    const image = picture(channels);
    const before = image.data.slice();
    let last = 0;
    for (const degree of degrees) {
      const found = await at(image, degree);
      expect([found.width, found.height, found.channels, found.data.length]).toEqual([
        width,
        height,
        channels,
        width * height * channels,
      ]);
      const apart = difference(found, image);
      // the next of JPEG's qualities may be no worse on so plain a picture
      expect(apart).toBeGreaterThan(name === 'jpeg' ? 0 : last);
      last = apart;
    }
    expect(image.data).toEqual(before);
  });

  it('is the same again by the same seed', async () => {
    const degree = degrees.at(-1)!;
    expect((await at(picture(3), degree)).data).toEqual((await at(picture(3), degree)).data);
  });

  it('has its degrees in order', () => {
    expect([...degrees].sort((a, b) => a - b)).toEqual(degrees);
  });
});

describe('a part that is moved', () => {
  it('by whole pixels lies just there', () => {
    const image = picture(1);
    const { data } = moved(image, { x: 3, y: -2, degrees: 0 });
    for (let y = 0; y < height - 2; y++)
      for (let x = 3; x < width; x++) expect(data[y * width + x]).toBe(image.data[(y + 2) * width + x - 3]);
  });

  it('by half a turn is its own mirror image in both directions', () => {
    const image = picture(1);
    const { data } = moved(image, { x: 0, y: 0, degrees: 180 });
    for (let i = 0; i < data.length; i++) expect(Math.abs(data[i]! - image.data[data.length - 1 - i]!)).toBeLessThan(2);
  });
});

describe('light', () => {
  it('is what it says, in colours too', async () => {
    const image = picture(3);
    const found = disturbances.darker.disturb(image, 20);
    for (const [i, v] of found.data.entries()) expect(v).toBe(Math.round(image.data[i]! * 0.8));
  });
});

describe('the noise', () => {
  it('has the deviation that it says', () => {
    const grey = { width: 100, height: 100, channels: 1 as const, data: new Uint16Array(10_000).fill(32_768) };
    const { data } = disturbances.noise.disturb(grey, 2, Random.of(3, 'noise'));
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / data.length);
    expect(deviation / 65_535).toBeCloseTo(0.02, 3);
  });
});

describe('an image of any depth', () => {
  it('comes back as it was', () => {
    const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(bytes, (data) => {
        const image = { width: 4, height: 3, channels: 1 as const, data };
        expect(fromDeep(toDeep(image, undefined), data, undefined).data).toEqual(data);
        const deep = Uint16Array.from(data, (v) => v * 16);
        const range = { low: 0, high: 4095 };
        expect(fromDeep(toDeep({ ...image, data: deep }, range), deep, range).data).toEqual(deep);
      }),
    );
  });
});
