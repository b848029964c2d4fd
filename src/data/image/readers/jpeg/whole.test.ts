/** A JPEG whose header states another picture than its scans hold is never read as a whole one, and what encoders write is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FelfriError } from '../../../../core/errors.ts';
import { unlikeInBrowser } from '../../browser-limits.ts';
import { decodePixels } from '../../decode.ts';
import { requireWholeJpeg } from './whole.ts';

const all = (
  JSON.parse(readFileSync(new URL('../../../../../test/golden/jpegs.json', import.meta.url), 'utf8')) as readonly {
    readonly name: string;
    readonly file: string;
  }[]
).map(({ name, file }): [string, Buffer] => [name, Buffer.from(file, 'base64')]);
const arithmetic = all.find(([name]) => name.includes('arithmetic'))![1];
const files = all.filter(([, bytes]) => bytes !== arithmetic);
const named = (part: string): Buffer => files.find(([name]) => name.includes(part))![1];

/** 'read', or the code. */
const endOf = (bytes: Uint8Array): Promise<string> =>
  decodePixels(bytes, 'it').then(
    () => 'read',
    (error: FelfriError) => error.code,
  );

/** Where a segment's marker is. */
function segment(bytes: Buffer, ...markers: number[]): number {
  let at = 2;
  while (!markers.includes(bytes[at + 1]!)) at += 2 + bytes.readUInt16BE(at + 2);
  return at;
}
const frameOf = (bytes: Buffer): number => segment(bytes, 0xc0, 0xc1, 0xc2);

interface Stated {
  readonly width: number;
  readonly height: number;
  /** Pixels of a unit (MCU). */
  readonly across: number;
  readonly down: number;
}

function stated(bytes: Buffer): Stated {
  const at = frameOf(bytes);
  const factors = Array.from({ length: bytes[at + 9]! }, (_, i) => bytes[at + 11 + 3 * i]!);
  // a single component has units of one block, whatever its factors
  const unit = (of: (factor: number) => number): number =>
    factors.length === 1 ? 8 : 8 * Math.max(...factors.map(of));
  return {
    height: bytes.readUInt16BE(at + 5),
    width: bytes.readUInt16BE(at + 7),
    across: unit((each) => each >> 4),
    down: unit((each) => each & 15),
  };
}

function forged(bytes: Buffer, { width, height }: Pick<Stated, 'width' | 'height'>): Buffer {
  const out = Buffer.from(bytes);
  out.writeUInt16BE(height, frameOf(out) + 5);
  out.writeUInt16BE(width, frameOf(out) + 7);
  return out;
}

describe('a JPEG of each encoder', () => {
  it.each(files)('is read, in the browser too: %s', async (_, bytes) => {
    expect(await endOf(bytes)).toBe('read');
    if (!bytes.includes('SEFH')) expect(unlikeInBrowser(bytes)).toBeUndefined();
  });

  it.each(files)('is refused where its frame states other units: %s', async (_, bytes) => {
    const { width, height, across, down } = stated(bytes);
    const others = [
      { width, height: height - down },
      { width, height: height + down },
      { width: width - across, height },
      { width: width + across, height },
      { width, height: 1 },
      { width: 1, height },
    ];
    for (const other of others) {
      const file = forged(bytes, other);
      expect(await endOf(file), `${other.width} x ${other.height}`).toBe('IMAGE_CORRUPT');
    }
  });

  it.each(files)('is refused where a scan is cut off, though the end is marked: %s', async (_, bytes) => {
    const from = segment(bytes, 0xda) + 40;
    for (let length = from; length < bytes.length - 60; length += Math.ceil((bytes.length - from) / 12)) {
      const file = Buffer.concat([bytes.subarray(0, length), Buffer.from([0xff, 0xd9])]);
      expect(await endOf(file), `${length} of ${bytes.length}`).toBe('IMAGE_CORRUPT');
    }
  });
});

describe('a forged frame', () => {
  it('of which one bit is changed is refused, or the picture has the units that it has', async () => {
    for (const bytes of [named('4:2:0'), named('4:4:4'), named('grey')]) {
      const from = frameOf(bytes);
      const { width, height, across, down } = stated(bytes);
      const units = (w: number, h: number) => [Math.ceil(w / across), Math.ceil(h / down)];
      for (let bit = 8 * (from + 2); bit < 8 * (from + 2 + bytes.readUInt16BE(from + 2)); bit++) {
        const file = Buffer.from(bytes);
        file[bit >> 3]! ^= 1 << (bit & 7);
        const read = await decodePixels(file, 'it').catch((error: FelfriError) => error.code);
        if (typeof read === 'object') expect(units(read.width, read.height)).toEqual(units(width, height));
      }
    }
  });

  it('is refused where there are two, or a scan of a component is missing or comes twice', () => {
    const scans = named('a scan a component');
    const first = segment(scans, 0xda);
    const second = scans.indexOf(Buffer.from([0xff, 0xda]), first + 2);
    const tables = scans.lastIndexOf(Buffer.from([0xff, 0xc4]), second);
    const end = scans.subarray(-2);
    const frame = scans.subarray(frameOf(scans), frameOf(scans) + 19);
    const refusals: [Buffer, string][] = [
      [Buffer.concat([scans.subarray(0, first), frame, scans.subarray(first)]), 'a second frame'],
      [Buffer.concat([scans.subarray(0, tables > first ? tables : second), end]), 'not one scan of each component'],
      [Buffer.concat([scans.subarray(0, second), scans.subarray(first)]), 'not one scan of each component'],
    ];
    for (const [bytes, reason] of refusals) expect(() => requireWholeJpeg(bytes)).toThrow(reason);
  });

  it('is refused where later scans of a progressive picture, its details, are left out', async () => {
    const bytes = named('progressive');
    let cuts = 0;
    for (let at = bytes.indexOf(Buffer.from([0xff, 0xc4]), segment(bytes, 0xda)); at > 0; cuts++) {
      const file = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xd9])]);
      expect(await endOf(file)).toBe('IMAGE_CORRUPT');
      expect(unlikeInBrowser(file)).toContain('damage');
      at = bytes.indexOf(Buffer.from([0xff, 0xc4]), at + 2);
    }
    expect(cuts).toBeGreaterThan(3);
  });

  it('cannot be told where codes are arithmetic, so such a file is refused by name', async () => {
    await expect(decodePixels(arithmetic, 'a.jpg')).rejects.toMatchObject({
      code: 'IMAGE_FORMAT',
      message: /^a\.jpg: a JPEG by arithmetic codes/,
    });
  });
});
