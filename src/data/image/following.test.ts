/** A file holds one image: what is behind it is never passed over without a word, in any format. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { FelfriError } from '../../core/errors.ts';
import { decodeForView, decodePixels } from './decode.ts';
import { imageEnds } from './ends.ts';
import { followingImage } from './following.ts';
import { formatOf } from './formats.ts';
import { encodeNpy } from './npy.ts';

const cases = JSON.parse(
  readFileSync(new URL('../../../test/golden/formats.json', import.meta.url), 'utf8'),
) as readonly { readonly name: string; readonly file: string }[];

const photo = sharp(
  Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 37) % 251),
  { raw: { width: 40, height: 30, channels: 3 } },
);
const codeOf = (bytes: Uint8Array): Promise<string> =>
  decodePixels(bytes, 'it').then(
    () => 'read',
    (error: FelfriError) => error.code,
  );

const made = async (): Promise<[string, Buffer][]> => [
  ['jpeg', await photo.clone().jpeg().toBuffer()],
  ['progressive jpeg', await photo.clone().jpeg({ progressive: true }).toBuffer()],
  ['jpeg with a preview in EXIF', await withPreview()],
  ['png', await photo.clone().png().toBuffer()],
  ['webp', await photo.clone().webp().toBuffer()],
  ['gif', await photo.clone().gif().toBuffer()],
  ['tiff', await photo.clone().tiff({ compression: 'lzw' }).toBuffer()],
  ['npy', Buffer.from(encodeNpy(new Uint8Array(12), [3, 4]))],
];

/** EXIF of a camera holds a small JPEG, which ends nothing. */
async function withPreview(): Promise<Buffer> {
  const [whole, preview] = await Promise.all([
    photo.clone().jpeg().toBuffer(),
    photo.clone().resize(8).jpeg().toBuffer(),
  ]);
  const data = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), preview]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([whole.subarray(0, 2), head, data, whole.subarray(2)]);
}

/** A JPEG with a segment of text (APP1) at its beginning. */
function withText(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(text, 'latin1'), jpeg.subarray(2)]);
}

/** A JPEG that declares a second picture behind its own (CIPA DC-007), of a kind. */
function multiPicture(first: Buffer, second: Buffer, kind: number): Buffer {
  const segment = Buffer.alloc(4 + 4 + 8 + 2 + 12 + 4 + 32);
  segment.writeUInt16BE(0xffe2, 0);
  segment.writeUInt16BE(segment.length - 2, 2);
  segment.write('MPF\0MM\0*', 4, 'latin1');
  segment.writeUInt32BE(8, 12);
  segment.writeUInt16BE(1, 16);
  segment.writeUInt16BE(0xb002, 18);
  segment.writeUInt16BE(7, 20);
  segment.writeUInt32BE(32, 22);
  segment.writeUInt32BE(26, 26);
  const total = first.length + segment.length;
  segment.writeUInt32BE(0x030000, 34);
  segment.writeUInt32BE(total, 38);
  segment.writeUInt32BE(kind, 50);
  segment.writeUInt32BE(second.length, 54);
  // from the index's own beginning, which stands 8 bytes into the segment
  segment.writeUInt32BE(total - 2 - 8, 58);
  return Buffer.concat([first.subarray(0, 2), segment, first.subarray(2), second]);
}

describe('a second image behind the first', () => {
  const golden = cases.map(({ name, file }): [string, Buffer] => [name, Buffer.from(file, 'base64')]);

  it.each(golden)('is not seen in %s alone, and is where one is joined to it', async (_, bytes) => {
    const format = formatOf(bytes)!;
    expect(await imageEnds[format](bytes)).toBeLessThanOrEqual(bytes.length);
    expect(await followingImage(bytes, format)).toBeNull();
    const png = await photo.clone().png().toBuffer();
    for (const other of [bytes, png]) {
      const joined = await codeOf(Buffer.concat([bytes, other]));
      expect(['IMAGE_ANIMATED', 'IMAGE_CORRUPT', 'IMAGE_FRAME']).toContain(joined);
    }
  });

  it('is refused in every format, also behind zeros or the boundary of a stream, and to look at', async () => {
    const all = await made();
    const boundary = Buffer.from('\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n');
    for (const [name, bytes] of all) {
      expect(await codeOf(bytes), name).toBe('read');
      for (const filler of [Buffer.alloc(0), Buffer.alloc(1000), Buffer.from('\r\n'), boundary])
        for (const [other, next] of all) {
          if (filler === boundary && /tiff|npy/.test(other)) continue;
          const joined = Buffer.concat([bytes, filler, next]);
          expect(await codeOf(joined), `${name}, ${filler.length} bytes, ${other}`).toBe('IMAGE_ANIMATED');
        }
    }
    const [, png] = all[3]!;
    const said = decodeForView(Buffer.concat([png, png]), 'a.png', { longest: 10 });
    await expect(said).rejects.toThrow(`a.png: another image (PNG) follows at byte ${png.length}, behind the end`);
  });

  it('is not what cameras write behind an image: zeros, a line of text, a serial number', async () => {
    const trailers = [
      Buffer.alloc(4096),
      Buffer.from('\nCAM 12 SERIAL 00017 BM P5x'),
      Buffer.from([0, 0xd8, 0xff, 0xd9, 1]),
    ];
    for (const [name, bytes] of await made())
      for (const trailer of trailers) expect(await codeOf(Buffer.concat([bytes, trailer])), name).toBe('read');
  });

  it('is looked for in a moment, however many directories a TIFF claims to have', async () => {
    // one directory, whose tag of sub-directories names itself again and again
    const names = 50_000;
    const bytes = Buffer.alloc(8 + 2 + 12 + 4 + 4 * names);
    bytes.write('II*\0', 0, 'latin1');
    bytes.writeUInt32LE(8, 4);
    bytes.writeUInt16LE(1, 8);
    bytes.writeUInt16LE(330, 10);
    bytes.writeUInt16LE(4, 12);
    bytes.writeUInt32LE(names, 14);
    bytes.writeUInt32LE(26, 18);
    for (let i = 0; i < names; i++) bytes.writeUInt32LE(8, 26 + 4 * i);
    expect(() => imageEnds.tiff(bytes)).toThrow(RangeError);
    expect(await followingImage(bytes, 'tiff')).toBeNull();
  }, 2000);

  it('may be declared by a JPEG as its preview or gain map, and not as another photograph', async () => {
    const [first, second] = [await photo.clone().jpeg().toBuffer(), await photo.clone().resize(9).jpeg().toBuffer()];
    // telephones say within a picture of no kind what it is
    const gains = withText(
      second,
      'http://ns.adobe.com/xap/1.0/\0 xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"',
    );
    for (const kind of [0x010001, 0x010002]) expect(await codeOf(multiPicture(first, second, kind))).toBe('read');
    expect(await codeOf(multiPicture(first, gains, 0))).toBe('read');
    for (const kind of [0, 0x020001, 0x020002, 0x020003])
      expect(await codeOf(multiPicture(first, second, kind))).toBe('IMAGE_ANIMATED');
    expect(await codeOf(Buffer.concat([multiPicture(first, gains, 0), first]))).toBe('IMAGE_ANIMATED');
  });
});
