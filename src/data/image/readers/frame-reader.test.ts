import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FelfriError } from '../../../core/errors.ts';
import { decodeForView, decodeImage, decodePixels } from '../decode.ts';
import { readImageHeader } from '../header.ts';
import { type PixelFormatName, pixelFormats } from '../raw/pixel-formats.ts';
import { stateFrame } from '../raw/stated-frame.ts';

const names = Object.keys(pixelFormats) as PixelFormatName[];
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const grey = async (raw: string, bytes: Uint8Array): Promise<number[]> => [
  ...(await decodePixels(bytes, 'frame.raw', { raw, channels: 1 })).data,
];

/** Worked out by hand from the definitions of PFNC and of GigE Vision. */
const byHand: readonly [raw: string, bytes: string, values: number[]][] = [
  ['2x2:Mono8', '00 01 80 ff', [0, 1, 128, 255]],
  ['2x1:Mono10', '02 01 ff 03', [0x102, 0x3ff]],
  ['2x1:Mono12', 'bc 0a 23 01', [0xabc, 0x123]],
  ['2x1:Mono14', 'ff 3f 34 12', [0x3fff, 0x1234]],
  ['2x1:Mono16', 'fe ff 34 12', [0xfffe, 0x1234]],
  ['4x1:Mono10p', '01 fc 5f 95 aa', [0x001, 0x3ff, 0x155, 0x2aa]],
  ['2x1:Mono12p', 'bc 3a 12', [0xabc, 0x123]],
  // three values end in the middle of a byte
  ['3x1:Mono12p', 'bc 3a 12 56 04', [0xabc, 0x123, 0x456]],
  // the second line begins in the middle of a byte
  ['1x2:Mono12p', 'bc 3a 12', [0xabc, 0x123]],
  ['2x1:Mono12Packed', 'ab 3c 12', [0xabc, 0x123]],
  ['3x1:Mono12Packed', 'ab 3c 12 45 06', [0xabc, 0x123, 0x456]],
  ['2x1:Mono10Packed', 'aa 21 55', [0x2a9, 0x156]],
];

describe('values of raw frames', () => {
  it.each(byHand)('of %s are those worked out by hand', async (raw, bytes, values) => {
    expect(await grey(raw, hex(bytes))).toEqual(values);
  });

  it('of packed formats come back from a stream of bits, whatever the width', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(10, 12),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 0, max: 1023 }), { minLength: 7, maxLength: 28 }),
        async (bits, width, drawn) => {
          const height = Math.floor(drawn.length / width);
          const values = drawn.slice(0, width * height).map((value) => value * (bits === 12 ? 4 : 1));
          const stream = values.reduce((sum, value, i) => sum | (BigInt(value) << BigInt(i * bits)), 0n);
          const size = Math.ceil((values.length * bits) / 8);
          const bytes = Uint8Array.from({ length: size }, (_, i) => Number((stream >> BigInt(8 * i)) & 255n));
          expect(await grey(`${width}x${height}:Mono${bits}p`, bytes)).toEqual(values);
        },
      ),
    );
  });

  it('state their largest, so that nobody has to measure it', async () => {
    const header = await readImageHeader(stateFrame(hex('bc 3a 12'), '2x1:Mono12p'), 'frame', 100);
    expect(header).toMatchObject({ width: 2, height: 1, bands: 1, sample: 'uint16', largest: 4095 });
  });

  it('of colours stand in their order', async () => {
    expect([...(await decodeImage(hex('01 02 03'), 'frame', { raw: '1x1:RGB8' })).data]).toEqual([1, 2, 3]);
    expect([...(await decodeImage(hex('01 02 03'), 'frame', { raw: '1x1:BGR8' })).data]).toEqual([3, 2, 1]);
  });
});

interface Mosaic {
  readonly format: PixelFormatName;
  readonly width: number;
  readonly height: number;
  readonly mosaic: number[];
  readonly rgb: number[];
}

const mosaics = JSON.parse(
  readFileSync(new URL('../../../../test/golden/raw_frames.json', import.meta.url), 'utf8'),
) as readonly Mosaic[];

const bytesOf = (values: readonly number[], wide: boolean): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => (wide ? [value & 255, value >> 8] : [value])));

describe('a Bayer mosaic', () => {
  it.each(mosaics.map((each) => [each.format, each] as const))(
    '%s has the colours that OpenCV makes of it, within the border',
    async (format, { width, height, mosaic, rgb }) => {
      const bytes = bytesOf(mosaic, pixelFormats[format].bits > 8);
      const { data } = await decodePixels(bytes, 'frame', { raw: `${width}x${height}:${format}` });
      for (let y = 1; y < height - 1; y++) {
        const row = [3 * (y * width + 1), 3 * (y * width + width - 1)] as const;
        expect([...data.slice(...row)], `line ${y}`).toEqual(rgb.slice(...row));
      }
    },
  );

  it('is mirrored beyond the border, so that its pattern goes on', async () => {
    // red, green; green, blue
    const { data } = await decodePixels(hex('64 0a 14 c8'), 'frame', { raw: '2x2:BayerRG8' });
    expect([...data]).toEqual([100, 15, 200, 100, 10, 200, 100, 20, 200, 100, 15, 200]);
  });

  it.each(names.filter((name) => name.startsWith('Bayer')))('%s of one light is one grey', async (format) => {
    const { bits, packing } = pixelFormats[format];
    const stride = { bytes: 8, little: 16, lsb: bits, gige: 12 }[packing];
    // all bits set, in two bytes with zeros above
    const bytes =
      packing === 'little' ? bytesOf(new Array(24).fill(2 ** bits - 1), true) : new Uint8Array(3 * stride).fill(255);
    const { data } = await decodePixels(bytes, 'frame', { raw: `6x4:${format}` });
    expect(new Set(data)).toEqual(new Set([2 ** bits - 1]));
  });
});

const refusal = async (raw: string, bytes: Uint8Array): Promise<FelfriError> => {
  const error = await decodePixels(bytes, 'frame.raw', { raw }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FelfriError);
  return error as FelfriError;
};

describe('what is no such frame', () => {
  it('is refused with the size that it would have', async () => {
    for (const length of [2, 4, 5]) {
      const { code, message } = await refusal('2x1:Mono12p', new Uint8Array(length));
      expect(code).toBe('IMAGE_FRAME');
      expect(message).toContain(`${length} bytes, where 3 are a frame of 2 x 1 pixels of Mono12p`);
    }
    expect((await refusal('2x1:Mono12p', new Uint8Array())).code).toBe('IMAGE_EMPTY');
  });

  it('is refused where several frames lie in one file', async () => {
    const { code, message } = await refusal('2x1:Mono12p', new Uint8Array(9));
    expect(code).toBe('IMAGE_ANIMATED');
    expect(message).toContain('3 frames');
  });

  it('is refused where bits are set above those stated', async () => {
    const { code, message } = await refusal('2x1:Mono10', hex('00 00 00 04'));
    expect(code).toBe('IMAGE_FRAME');
    expect(message).toContain('a value of 1024, where 1023 is the largest');
  });

  it.each(['640x480', '640x480:mono8', '0x480:Mono8', '640x480:Mono12P', '1x4:BayerRG8', '640 x 480:Mono8', ''])(
    'is a statement such as "%s"',
    async (raw) => {
      expect((await refusal(raw, new Uint8Array(4))).code).toBe('OPTION_INVALID');
    },
  );

  it('is a line ahead of the pixels that states nothing legal', async () => {
    for (const line of ['FELFRI-FRAME 2x1:Mono9\n', 'FELFRI-FRAME 2x1:Mono8', 'FELFRI-FRAME '])
      await expect(decodePixels(Buffer.from(line, 'latin1'), 'frame')).rejects.toMatchObject({ code: 'IMAGE_FRAME' });
  });

  it('is larger than the limit', async () => {
    const stated = stateFrame(new Uint8Array(9), '3x3:Mono8');
    await expect(decodePixels(stated, 'frame', { maxPixels: 8 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('says how to state it where nobody did', async () => {
    const error = await decodePixels(new Uint8Array(9), 'frame.raw').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'IMAGE_FORMAT' });
    expect((error as FelfriError).message).toContain('--raw 640x480:Mono12p');
  });
});

it('a frame is looked at from black to the largest of its bits', async () => {
  const stated = stateFrame(hex('00 f0 ff'), '2x1:Mono12p');
  expect([...(await decodeForView(stated, 'frame', { channels: 1 })).data]).toEqual([0, 255]);
});
