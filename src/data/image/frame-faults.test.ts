import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { frameFaults } from './frame-faults.ts';
import type { Image } from './raster.ts';

const width = 120;
const height = 80;

/** A part with the noise of a sensor, in colour; `change` gives each pixel another row, column or value. */
function picture(change: (row: number, column: number) => readonly [row: number, column: number] | number): Image {
  const random = Random.of(3, 'frame');
  const part = Float32Array.from(
    { length: width * height * 3 },
    (_, i) => 120 + 60 * Math.sin(i / 900) + random.normal() * 3,
  );
  const data = new Uint8Array(part.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const from = change(y, x);
        data[(y * width + x) * 3 + c] = typeof from === 'number' ? from : part[(from[0] * width + from[1]) * 3 + c]!;
      }
  return { width, height, channels: 3, data };
}

describe('lines that were not written', () => {
  it('are none of a whole picture', () => {
    expect(frameFaults(picture((y, x) => [y, x]))).toEqual({ flat: 0, repeated: 0 });
  });

  it('are counted where they have one value, along either side', () => {
    expect(frameFaults(picture((y, x) => (y < 60 ? [y, x] : 128)))).toEqual({ flat: 0.25, repeated: 0 });
    expect(frameFaults(picture((y, x) => (x < 90 ? [y, x] : 0)))).toEqual({ flat: 0.25, repeated: 0 });
    expect(frameFaults(picture((y, x) => (y % 2 === 0 ? [y, x] : 0)))).toEqual({ flat: 0.5, repeated: 0 });
    expect(frameFaults(picture(() => 255))).toEqual({ flat: 1, repeated: 0 });
  });

  it('are counted where they repeat the one before', () => {
    expect(frameFaults(picture((y, x) => [y - (y % 2), x]))).toEqual({ flat: 0, repeated: 0.5 });
    expect(frameFaults(picture((y, x) => [Math.min(y, 59), x]))).toEqual({ flat: 0, repeated: 0.25 });
    expect(frameFaults(picture((y, x) => [y, Math.min(x, 29)]))).toEqual({ flat: 0, repeated: 0.75 });
  });
});
