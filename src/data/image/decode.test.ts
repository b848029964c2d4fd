import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { FelfriError } from '../../core/errors.ts';
import { decodeImage, readImage } from './decode.ts';
import { encodePng, writePng } from './encode.ts';
import { toGrey } from './grey.ts';
import { pngChunk } from './png.ts';
import type { Image } from './raster.ts';

const newFolder = temporaryFolders();
const width = 64;
const height = 48;
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251);
const photo = () => sharp(pixels, { raw: { width, height, channels: 3 } });
const frame = (colour: string) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: colour } })
    .png()
    .toBuffer();

describe('readImage', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder();
  });

  async function write(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  it.each(['png', 'webp', 'tiff', 'gif', 'jpeg'] as const)('reads %s', async (format) => {
    const options = format === 'webp' ? { lossless: true } : format === 'tiff' ? { compression: 'none' } : {};
    const image = await readImage(await write(`photo.${format}`, await photo().toFormat(format, options).toBuffer()));
    expect(image).toMatchObject({ width, height, channels: 3 });
    if (format === 'jpeg' || format === 'gif') expect(image.data).toHaveLength(pixels.length);
    else expect(image.data).toEqual(pixels);
  });

  it('names JPEG-LS with its own file header (SPIFF), which begins as JPEG does', async () => {
    const spiff = [0xff, 0xd8, 0xff, 0xe8, 0, 32, ...Buffer.from('SPIFF\0'), ...Array<number>(24).fill(1)];
    const end = [0xff, 0xe8, 0, 8, 0, 0, 0, 1, 0xff, 0xd8];
    const frame = [0xff, 0xf7, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0];
    const path = await write('photo.jls', Uint8Array.from([...spiff, ...end, ...frame, ...Array<number>(40).fill(0)]));
    await expect(readImage(path)).rejects.toMatchObject({ code: 'IMAGE_FORMAT', message: /JPEG-LS/ });
  });

  it('goes by the content, not by the extension', async () => {
    const image = await readImage(await write('png-inside.jpg', await photo().png().toBuffer()));
    expect(image.data).toEqual(pixels);
  });

  it('reads a grey image as three equal channels, or as one', async () => {
    const grey = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const path = await write('grey.png', await encodePng({ width: 4, height: 3, channels: 1, data: grey }));
    expect(await readImage(path, { channels: 1 })).toEqual({ width: 4, height: 3, channels: 1, data: grey });
    expect([...(await readImage(path)).data]).toEqual([...grey].flatMap((v) => [v, v, v]));
  });

  it('turns the image upright by its EXIF orientation', async () => {
    const row = Uint8Array.from([10, 20, 30]);
    const lying = sharp(row, { raw: { width: 3, height: 1, channels: 1 } }).toColourspace('b-w');
    const path = await write('turned.png', await lying.withMetadata({ orientation: 6 }).png().toBuffer());
    expect(await readImage(path, { channels: 1 })).toEqual({ width: 1, height: 3, channels: 1, data: row });
  });

  const bad: [what: string, code: string, make: () => Promise<string>][] = [
    ['a missing file', 'IMAGE_MISSING', async () => join(folder, 'none.png')],
    ['a file as folder', 'IMAGE_MISSING', async () => join(await write('plain', 'x'), 'none.png')],
    [
      'a directory',
      'IMAGE_IS_DIRECTORY',
      async () => {
        const path = join(folder, 'directory.png');
        await mkdir(path, { recursive: true });
        return path;
      },
    ],
    [
      'a socket',
      'IMAGE_FORMAT',
      async () => {
        const path = join(folder, 'socket.png');
        const server = createServer();
        await new Promise<void>((done) => server.listen(path, done));
        server.unref();
        return path;
      },
    ],
    ['zero bytes', 'IMAGE_EMPTY', () => write('empty.jpg', '')],
    ['text named .jpg', 'IMAGE_FORMAT', () => write('text.jpg', 'not an image')],
    [
      'a drawing',
      'IMAGE_FORMAT',
      () => write('drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    [
      'a 16-bit PNG',
      'IMAGE_DEPTH',
      async () => write('deep.png', await photo().toColourspace('rgb16').png().toBuffer()),
    ],
    [
      'a 16-bit grey TIFF',
      'IMAGE_DEPTH',
      async () => write('deep.tif', await photo().toColourspace('grey16').tiff({ compression: 'none' }).toBuffer()),
    ],
    [
      'a float TIFF',
      'IMAGE_DEPTH',
      async () => write('float.tif', await photo().toColourspace('scrgb').tiff({ compression: 'none' }).toBuffer()),
    ],
    [
      'a CMYK JPEG',
      'IMAGE_COLOUR',
      async () => write('cmyk.jpg', await photo().toColourspace('cmyk').jpeg().toBuffer()),
    ],
    [
      'a CMYK TIFF',
      'IMAGE_COLOUR',
      async () => write('cmyk.tif', await photo().toColourspace('cmyk').tiff().toBuffer()),
    ],
    ...(['gif', 'webp', 'tiff'] as const).map((format): [string, string, () => Promise<string>] => [
      `two frames of ${format}`,
      'IMAGE_ANIMATED',
      async () => {
        const frames = [await frame('red'), await frame('blue')];
        const joined = sharp(frames, { join: { animated: true } });
        return write(`moving.${format}`, await joined.toFormat(format).toBuffer());
      },
    ]),
    [
      'an animated PNG',
      'IMAGE_ANIMATED',
      async () => {
        const still = await frame('red');
        const control = pngChunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0));
        return write('moving.png', Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]));
      },
    ],
    [
      'an image 40,000 pixels wide',
      'IMAGE_TOO_LARGE',
      async () => {
        const strip = sharp({ create: { width: 40_000, height: 2, channels: 3, background: 'red' } });
        return write('wide.png', await strip.png().toBuffer());
      },
    ],
    ['a name that is not UTF-8', 'IMAGE_NAME', async () => notUtf8()],
  ];

  /** Writes a file with a byte in its name that is not UTF-8, and gives the name as a directory listing of Node shows it. */
  async function notUtf8(): Promise<string> {
    const bytes = Buffer.concat([Buffer.from(`${folder}/m`), Buffer.from([0xe4]), Buffer.from('rke.png')]);
    await writeFile(bytes, await frame('red'));
    const shown = (await readdir(folder)).find((name) => name.includes('\uFFFD'));
    return join(folder, shown!);
  }

  it.each(bad)('refuses %s as %s', async (_what, code, make) => {
    const path = await make();
    const error = await readImage(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FelfriError);
    expect(error).toMatchObject({ code, subject: path });
    expect((error as FelfriError).message).toContain(path);
  });

  it.each(['png', 'jpeg', 'webp', 'tiff', 'gif'] as const)('refuses a %s cut short anywhere', async (format) => {
    const whole = await photo().toFormat(format).toBuffer();
    for (const share of [0.1, 0.5, 0.9]) {
      const path = await write(`cut.${format}`, whole.subarray(0, Math.max(16, Math.floor(whole.length * share))));
      await expect(readImage(path)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    }
  });

  it('refuses a PNG with damaged bytes in the middle', async () => {
    const whole = await photo().png().toBuffer();
    whole.fill(0xa5, whole.length >> 1, (whole.length >> 1) + 40);
    await expect(readImage(await write('damaged.png', whole))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  it('gives a coded error or an image for any bytes after any signature', async () => {
    const signatures = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF....WEBP', 'II*\0', 'GIF89a', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 200 }), async (signature, rest) => {
        const bytes = Buffer.concat([Buffer.from(signature, 'latin1'), rest]);
        const error = await decodeImage(bytes, 'made').catch((reason: unknown) => reason);
        if (error instanceof Error) expect(error).toBeInstanceOf(FelfriError);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses more pixels than the given limit', async () => {
    const path = await write('limit.png', await photo().png().toBuffer());
    await expect(readImage(path, { maxPixels: width * height - 1 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    await expect(readImage(path, { maxPixels: width * height })).resolves.toMatchObject({ width });
  });
});

describe('toGrey', () => {
  it("equals Pillow's luma on known colours", () => {
    // Image.new('RGB', (1, 1), c).convert('L') for red, green, blue, white and (12, 200, 99)
    const data = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 12, 200, 99]);
    const image: Image = { width: 5, height: 1, channels: 3, data };
    expect([...toGrey(image).data]).toEqual([76, 150, 29, 255, 132]);
  });

  it('keeps every grey value as it is', () => {
    const data = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    expect([...toGrey({ width: 256, height: 1, channels: 3, data }).data]).toEqual(
      Array.from({ length: 256 }, (_, i) => i),
    );
  });
});

describe('writePng', () => {
  it('gives back what was written, grey as one channel, and leaves nothing else behind', async () => {
    const folder = await newFolder();
    const grey = toGrey({ width, height, channels: 3, data: pixels });
    const colour: Image = { width, height, channels: 3, data: pixels };
    await writePng(join(folder, 'grey.png'), grey);
    await writePng(join(folder, 'colour.png'), colour);
    expect(await readImage(join(folder, 'grey.png'), { channels: 1 })).toEqual(grey);
    expect(await readImage(join(folder, 'colour.png'))).toEqual(colour);
    expect((await sharp(await readFile(join(folder, 'grey.png'))).metadata()).channels).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['colour.png', 'grey.png']);
  });
});
