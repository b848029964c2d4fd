import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { unlikeInBrowser } from './browser-limits.ts';

const photo = () => sharp({ create: { width: 8, height: 6, channels: 3, background: '#804020' } });
const frame = async (background: string) =>
  sharp({ create: { width: 8, height: 6, channels: 3, background } })
    .png()
    .toBuffer();

describe('unlikeInBrowser', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('lets a usual %s pass', async (format) => {
    expect(unlikeInBrowser(await photo().toFormat(format).toBuffer())).toBeUndefined();
    const upright = await photo().withMetadata({ orientation: 1 }).toFormat(format).toBuffer();
    expect(unlikeInBrowser(upright)).toBeUndefined();
  });

  it('names what browsers see otherwise', async () => {
    for (const format of ['png', 'webp'] as const) {
      expect(unlikeInBrowser(await photo().withMetadata({ orientation: 6 }).toFormat(format).toBuffer())).toContain(
        'orientation',
      );
    }
    expect(unlikeInBrowser(await photo().toColourspace('rgb16').png().toBuffer())).toContain('16 bits');
    expect(unlikeInBrowser(await photo().toColourspace('cmyk').jpeg().toBuffer())).toContain('8 bits');
    const moving = sharp([await frame('red'), await frame('blue')], { join: { animated: true } });
    expect(unlikeInBrowser(await moving.webp().toBuffer())).toContain('frames');
    expect(unlikeInBrowser(await photo().gif().toBuffer())).toContain('format');
    expect(unlikeInBrowser(await photo().png({ palette: true, colours: 4 }).toBuffer())).toContain('palette');
    for (const format of ['png', 'webp', 'jpeg'] as const) {
      const whole = await photo().toFormat(format).toBuffer();
      expect(unlikeInBrowser(Buffer.concat([whole, Buffer.alloc(9)]))).toBeUndefined();
      expect(unlikeInBrowser(Buffer.concat([whole, whole]))).toContain('behind its end');
    }
    expect(unlikeInBrowser(new Uint8Array(3))).toContain('format');
  });

  it('ends on any damage', async () => {
    const whole = await photo().withMetadata({ orientation: 6 }).webp().toBuffer();
    for (let length = 0; length < whole.length; length += 7) unlikeInBrowser(whole.subarray(0, length));
    for (let at = 12; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = 0xff;
      unlikeInBrowser(damaged);
    }
  });
});
