/** Letters of 5 x 7 dots, as displays of dots have them, to write on a picture without any font of the system. Needs nothing of Node. */
import type { Image } from '../data/image/raster.ts';

/** From the space to Z: five columns each, two hexadecimal digits a column, whose lowest bit is the topmost dot. */
const glyphs =
  '000000000000005f00000007000700147f147f14242a7f2a12231308646236495620500008070300001c2241000041221c002a1c7f1c2a08083e0808' +
  '00807030000808080808000060600020100804023e5149453e00427f400072494949462141494d331814127f1027454545393c4a4949314121110907' +
  '3649494936464949291e0000140000004034000000081422411414141414004122140802015909063e415d594e7c1211127c7f494949363e41414122' +
  '7f4141413e7f494949417f090909013e414151737f0808087f00417f41002040413f017f081422417f404040407f021c027f7f0408107f3e4141413e' +
  '7f090909063e4151215e7f09192946264949493203017f01033f4040403f1f2040201f3f4038403f631408146303047804036159494d43';

const FIRST = ' '.charCodeAt(0);

/** Dots from one letter to the next, and from one line to the next. */
export const LETTER = { wide: 6, tall: 9 } as const;

/** Text in lines of at most so many letters, cut at spaces where it can be. */
export function linesOf(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Writes one line in capitals into an RGB image; a dot is `size` pixels wide. What has no letter becomes `?`, what lies beyond the image is lost. */
export function write(
  { width, height, data }: Image,
  text: string,
  { x, y, size, grey }: { readonly x: number; readonly y: number; readonly size: number; readonly grey: number },
): void {
  for (const [i, letter] of [...text.toUpperCase()].entries()) {
    const known = letter >= ' ' && letter <= 'Z' ? letter : '?';
    const at = (known.charCodeAt(0) - FIRST) * 10;
    for (let column = 0; column < 5; column++) {
      const dots = Number.parseInt(glyphs.slice(at + 2 * column, at + 2 * column + 2), 16);
      for (let row = 0; row < 8; row++) {
        if (((dots >> row) & 1) === 0) continue;
        const left = x + (i * LETTER.wide + column) * size;
        if (left + size > width) continue;
        for (let r = y + row * size; r < Math.min(height, y + (row + 1) * size); r++)
          data.fill(grey, (r * width + left) * 3, (r * width + left + size) * 3);
      }
    }
  }
}
