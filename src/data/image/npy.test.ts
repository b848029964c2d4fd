import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePixels } from './decode.ts';
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

it('reads float of 16 bits, as networks and depth cameras save it', () => {
  // 1, -2, 0.5, the largest, the smallest normal and subnormal one, and minus infinity, as numpy.float16 has them
  const bits = Uint16Array.from([0x3c00, 0xc000, 0x3800, 0x7bff, 0x0400, 0x0001, 0xfc00, 0x0000]);
  const bytes = saved("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 4), }", new Uint8Array(bits.buffer));
  expect([...readNpyValues(bytes, readNpyHeader(bytes))]).toEqual([
    1,
    -2,
    0.5,
    65504,
    2 ** -14,
    2 ** -24,
    Number.NEGATIVE_INFINITY,
    0,
  ]);
});

it.each([
  ["'<c8', 'fortran_order': False, 'shape': (2, 2), ", 32],
  ["'|O', 'fortran_order': False, 'shape': (1,), ", 8],
  ["'<M8[ns]', 'fortran_order': False, 'shape': (1, 1), ", 8],
  ["[('a', '<f4')], 'fortran_order': False, 'shape': (1, 1), ", 4],
  ["'|u1', 'fortran_order': False, 'shape': (4,), ", 4],
  ["'|u1', 'fortran_order': False, 'shape': (1, 1, 2, 2), ", 4],
])('says that an array of %s is whole and not read, rather than damaged', async (header, length) => {
  const bytes = saved(`{'descr': ${header}}`, new Uint8Array(length));
  await expect(decodePixels(bytes, 'a.npy')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'refuses an image with a pixel of %s, which no score may come of',
  async (value) => {
    const bytes = encodeNpy(Float32Array.from([0.1, 0.2, value, 0.4]), [2, 2]);
    await expect(decodePixels(bytes, 'a.npy')).rejects.toMatchObject({ code: 'IMAGE_VALUES', subject: 'a.npy' });
  },
);
