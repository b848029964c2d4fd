import { describe, expect, it } from 'vitest';
import { zipOf } from '../../test/support/published-weights.ts';
import { fileInZip, isZip } from './zip.ts';

const text = Buffer.from('so many words, so many words, so many words');
const archive = zipOf({ 'a/notes.txt': text, 'a/b.bin': Buffer.concat([text, text]), 'empty.bin': Buffer.alloc(0) });
const fail = (what: string): never => {
  throw new Error(what);
};
const file = (bytes: Buffer, name: string, most = 1e6): Buffer | undefined =>
  fileInZip(bytes, (found) => found === name, { most, fail });

describe('a file in an archive', () => {
  it('is found, stored or deflated, behind a comment too', () => {
    expect(isZip(archive)).toBe(true);
    expect(isZip(Buffer.from('PK'))).toBe(false);
    expect(file(archive, 'a/notes.txt')).toEqual(text);
    expect(file(archive, 'a/b.bin')).toEqual(Buffer.concat([text, text]));
    expect(file(archive, 'empty.bin')).toEqual(Buffer.alloc(0));
    expect(file(Buffer.concat([archive, Buffer.from('a comment')]), 'a/notes.txt')).toEqual(text);
    expect(file(archive, 'b.bin')).toBeUndefined();
  });

  it('is refused where it is damaged, too large, or the archive is cut off', () => {
    const changed = (at: number): Buffer => {
      const bytes = Buffer.from(archive);
      bytes[at] = bytes[at]! ^ 0x55;
      return bytes;
    };
    const stored = archive.indexOf(text);
    expect(() => file(changed(stored + 3), 'a/notes.txt')).toThrow('damaged');
    expect(() => file(archive, 'a/b.bin', 50)).toThrow('more than 50');
    for (let length = 4; length < archive.length; length++) {
      expect(() => file(archive.subarray(0, length), 'a/b.bin'), `${length} bytes`).toThrow(
        /directory|inflated|damaged|should be/,
      );
    }
  });

  it('of any one changed byte is found whole, not found, or refused by a word of its own', () => {
    for (let at = 0; at < archive.length; at++) {
      let found: Buffer | undefined;
      try {
        found = file(changed1(at), 'a/b.bin');
      } catch (error) {
        expect((error as Error).message, `byte ${at}`).toMatch(/archive|within it|method/);
        continue;
      }
      if (found) expect(found.equals(Buffer.concat([text, text])), `byte ${at}`).toBe(true);
    }
  });
});

function changed1(at: number): Buffer {
  const bytes = Buffer.from(archive);
  bytes[at] = bytes[at]! ^ 0xff;
  return bytes;
}
