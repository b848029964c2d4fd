import { describe, expect, it } from 'vitest';
import { type DicomOptions, dicomBytes } from '../../../../test/support/dicom.ts';
import { decodePixels } from '../decode.ts';
import { readImageHeader } from '../header.ts';

const values = Uint16Array.of(0, 1750, 2000, 2249, 4095, 7);
const made = (options: Partial<DicomOptions>): Uint8Array => dicomBytes({ values, width: 3, ...options });
const windowOf = async (options: Partial<DicomOptions>) => (await readImageHeader(made(options), 'a.dcm', 1000)).window;
const window = { centre: 2000, width: 501 };

describe('the window that a DICOM file proposes', () => {
  it('ends half a value inside where it is linear, and at half its width where it is exact', async () => {
    expect(await windowOf({ window })).toEqual({ low: 1749.5, high: 2249.5 });
    expect(await windowOf({ window: { ...window, shape: 'LINEAR_EXACT' } })).toEqual({ low: 1749.5, high: 2250.5 });
  });

  it('is none where the file has none, or no straight line', async () => {
    expect(await windowOf({})).toBeUndefined();
    expect(await windowOf({ window: { ...window, shape: 'SIGMOID' } })).toBeUndefined();
    expect(await windowOf({ window: { centre: 5, width: 1 } })).toBeUndefined();
  });

  it.each([
    { slope: 1, intercept: 0 },
    { slope: 2, intercept: -1000 },
  ])('is turned with the values of MONOCHROME1 (slope $slope, intercept $intercept)', async (scale) => {
    const inUnits = { centre: 2000 * scale.slope + scale.intercept, width: 500 * scale.slope, shape: 'LINEAR_EXACT' };
    const [plain, turned] = await Promise.all(
      (['MONOCHROME2', 'MONOCHROME1'] as const).map(async (photometric) => {
        const bytes = made({ ...scale, photometric, window: inUnits });
        const { low, high } = (await readImageHeader(bytes, 'a.dcm', 1000)).window!;
        const { data, channels } = await decodePixels(bytes, 'a.dcm');
        // how far each value stands on the way from black to white
        return [...data].filter((_, i) => i % channels === 0).map((value) => (value - low) / (high - low));
      }),
    );
    expect(plain![2]).toBeCloseTo(0.5);
    for (const [i, share] of plain!.entries()) expect(turned![i]).toBeCloseTo(1 - share, 5);
  });
});
