import { describe, expect, it } from 'vitest';
import { formatOf, imageFormats, isImageEnding, unreadTitle, unreadTitleOf } from './formats.ts';
import type { FormatName } from './reader.ts';

const names = Object.keys(imageFormats) as FormatName[];
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('the table of formats', () => {
  it('gives each ending to one format, lower case, and names each format by one of its endings', () => {
    const endings = names.flatMap((name) => imageFormats[name].endings);
    expect(new Set(endings).size).toBe(endings.length);
    for (const ending of endings) {
      expect(ending).toMatch(/^\.[a-z0-9]+$/);
      expect(unreadTitle(ending)).toBeUndefined();
    }
    for (const name of names) expect(imageFormats[name].endings).toContain(`.${name}`);
  });

  it('knows endings in any case', () => {
    expect(isImageEnding('.JFIF')).toBe(true);
    expect(isImageEnding('.txt')).toBe(false);
    expect(unreadTitle('.HEIC')).toBe('HEIC');
  });

  it('recognises bytes, and names those that it does not read', () => {
    expect(formatOf(latin1('RIFF\x10\0\0\0WEBPVP8 '))).toBe('webp');
    expect(formatOf(latin1('RIFF\x10\0\0\0WAVEfmt '))).toBeUndefined();
    expect(unreadTitleOf(latin1('\0\0\0\x18ftypheic'))).toBe('HEIC');
    expect(unreadTitleOf(latin1('plain text'))).toBeUndefined();
  });
});
