/** The font of every PDF: DejaVu Sans Condensed, of which a file takes the letters that it uses. It has Latin, Greek, Cyrillic and signs. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { TrueTypeFont } from './truetype.ts';

const fontFile = fileURLToPath(new URL('../../../../fonts/DejaVuSansCondensed.ttf', import.meta.url));

let font: Promise<TrueTypeFont> | undefined;

export const openFont = (): Promise<TrueTypeFont> => {
  font ??= readFile(fontFile).then((bytes) => new TrueTypeFont(bytes));
  return font;
};

/** Written from right to left, or of letters that join: the font has some of them, and set one by one they would be wrong. */
const JOINED = /[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** A text as the font can show it, and which characters it cannot: those stand by their numbers, such as [U+4E2D], and are never left out. */
export function showable(font: TrueTypeFont, text: string): { readonly text: string; readonly missing: string[] } {
  const missing: string[] = [];
  const shown = Array.from(text.normalize('NFC'), (character) => {
    const code = character.codePointAt(0)!;
    if (font.glyphOf(code) !== undefined && !JOINED.test(character)) return character;
    missing.push(character);
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return { text: shown.join(''), missing };
}
