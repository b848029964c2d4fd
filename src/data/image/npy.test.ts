import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeNpy, readNpyHeader, readNpyValues } from './npy.ts';

it('gives back what was written, of every kind of pixels', () => {
  const size = fc.integer({ min: 1, max: 9 });
  const pixels = fc.oneof(
    fc.uint8Array({ minLength: 81, maxLength: 81 }),
    fc.uint16Array({ minLength: 81, maxLength: 81 }),
    fc.float32Array({ minLength: 81, maxLength: 81, noNaN: true }),
  );
  fc.assert(
    fc.property(size, size, pixels, (height, width, all) => {
      const values = all.slice(0, height * width);
      const bytes = encodeNpy(values, [height, width]);
      const header = readNpyHeader(bytes);
      // what NumPy asks of its files, so that they can be mapped into memory
      expect(header.start % 64).toBe(0);
      expect(header.shape).toEqual([height, width]);
      expect(readNpyValues(bytes, header)).toEqual(values);
    }),
  );
});
