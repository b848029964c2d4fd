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

/** A file as numpy.save writes it. */
function saved(header: string, body: Uint8Array): Uint8Array {
  const text = `${header.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(text.length)}\0${text}`, 'latin1'), body]);
}

it.each([
  ['(2, 3)', [1, 4, 2, 5, 3, 6], [1, 2, 3, 4, 5, 6]],
  // of values 10 y + x of 2 rows and 2 columns, and 100 more in the second band
  ['(2, 2, 2)', [0, 10, 1, 11, 100, 110, 101, 111], [0, 100, 1, 101, 10, 110, 11, 111]],
])(
  'brings an array of %s in Fortran order, which numpy.save makes of a transposed one, to C order',
  (shape, stored, values) => {
    const bytes = saved(`{'descr': '|u1', 'fortran_order': True, 'shape': ${shape}, }`, Uint8Array.from(stored));
    expect([...readNpyValues(bytes, readNpyHeader(bytes))]).toEqual(values);
  },
);

it("reads whole numbers of 64 bits, as NumPy's labels are", () => {
  const body = new Uint8Array(BigInt64Array.from([0n, -1n, 7n, 70_000n]).buffer);
  const bytes = saved("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }", body);
  expect([...readNpyValues(bytes, readNpyHeader(bytes))]).toEqual([0, -1, 7, 70_000]);
});
