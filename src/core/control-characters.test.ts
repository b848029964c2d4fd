import { describe, expect, it } from 'vitest';
import { isLine, onOneLine } from './control-characters.ts';

describe('a text that is one line', () => {
  it.each(['A 1', 'Größe 4 µm', '部品-7', 'a\u0301', '👩‍🔧 shift', ' padded ', '\u00a0x'])('is %j', (text) => {
    expect(isLine(text)).toBe(true);
    expect(onOneLine(text)).toBe(text);
  });

  it.each([
    ['a\nOK  b', 'a\\u000aOK  b'],
    ['a\r', 'a\\u000d'],
    ['a\tb', 'a\\u0009b'],
    ['\u001b[2Ja', '\\u001b[2Ja'],
    ['a\u0000', 'a\\u0000'],
    ['a\u007f', 'a\\u007f'],
    ['a\u0085b', 'a\\u0085b'],
    ['a\u2028b', 'a\\u2028b'],
    ['a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['a\ud800', 'a\\ud800'],
  ])('is not %j, which is shown with numbers', (text, shown) => {
    expect(isLine(text)).toBe(false);
    expect(onOneLine(text)).toBe(shown);
  });

  it.each(['', ' ', '\u3000'])('is not %j, of which nothing can be seen', (text) => expect(isLine(text)).toBe(false));
});
