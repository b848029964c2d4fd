/** Pages of paper on which text is set and lines are drawn, from the top down. Points; y runs upward, as in PDF. */
import type { Run } from './blocks.ts';
import type { TrueTypeFont } from './truetype.ts';

/** A4. */
export const paper = { width: 595, height: 842, margin: 50 } as const;
export const textWidth = paper.width - 2 * paper.margin;

type Ink = 'ink' | 'soft' | 'line' | 'care';
const inks: Readonly<Record<Ink, string>> = {
  ink: '0.106 0.137 0.149',
  soft: '0.333 0.38 0.4',
  line: '0.8 0.82 0.81',
  care: '0.984 0.953 0.875',
};

/** Of letters that are drawn bold, in parts of their size. */
const BOLDNESS = 0.03;

const number = (value: number): string => String(Math.round(value * 100) / 100);

export class Sheet {
  readonly #font: TrueTypeFont;
  readonly #pages: string[][] = [[]];
  /** What each glyph that was used stands for. */
  readonly characters = new Map<number, string>();
  /** Where the next line goes. */
  y = paper.height - paper.margin;

  constructor(font: TrueTypeFont) {
    this.#font = font;
  }

  /** What is left of the page, down to its foot. */
  get room(): number {
    return this.y - paper.margin - 20;
  }

  static readonly most = paper.height - 2 * paper.margin - 20;

  newPage(): void {
    this.#pages.push([]);
    this.y = paper.height - paper.margin;
  }

  widthOf(text: string, size: number): number {
    let units = 0;
    for (const character of text) units += this.#font.widthOf(this.#font.glyphOf(character.codePointAt(0)!)!);
    return (units * size) / this.#font.unitsPerEm;
  }

  #glyphs(text: string): string {
    return Array.from(text, (character) => {
      const glyph = this.#font.glyphOf(character.codePointAt(0)!)!;
      this.characters.set(glyph, character);
      return glyph.toString(16).padStart(4, '0');
    }).join('');
  }

  /** Sets the runs of a line from (x, base) on, on the present page or another one. */
  write(runs: readonly Run[], x: number, base: number, size: number, page = this.#pages.length - 1): void {
    let at = x;
    for (const { text, bold, soft } of runs) {
      const ink = inks[soft ? 'soft' : 'ink'];
      // one font serves: bold letters are outlined, too
      const weight = bold ? `2 Tr ${number(size * BOLDNESS)} w ${ink} RG` : '0 Tr';
      this.#pages[page]!.push(
        `BT /F ${number(size)} Tf ${ink} rg ${weight} ${number(at)} ${number(base)} Td <${this.#glyphs(text)}> Tj ET`,
      );
      at += this.widthOf(text, size);
    }
  }

  line(x: number, y: number, width: number): void {
    this.#pages.at(-1)!.push(`${inks.line} RG 0.6 w ${number(x)} ${number(y)} m ${number(x + width)} ${number(y)} l S`);
  }

  /** A rectangle, from its top left. */
  fill(ink: Ink, x: number, y: number, width: number, height: number): void {
    this.#pages
      .at(-1)!
      .push(`${inks[ink]} rg ${number(x)} ${number(y - height)} ${number(width)} ${number(height)} re f`);
  }

  /** The content of each page, with its foot: the title, and which page it is. */
  finish(title: string): string[] {
    const plain = (text: string): Run[] => [{ text, bold: false, soft: true }];
    const size = 7.5;
    const count = this.#pages.length;
    this.#pages.forEach((_, page) => {
      const which = `Page ${page + 1} of ${count}`;
      const room = textWidth - this.widthOf(which, size) - 20;
      let shown = title;
      while (this.widthOf(shown, size) > room) shown = `${shown.replace(/…$/, '').slice(0, -1)}…`;
      this.write(plain(shown), paper.margin, paper.margin - 10, size, page);
      this.write(plain(which), paper.width - paper.margin - this.widthOf(which, size), paper.margin - 10, size, page);
    });
    return this.#pages.map((operators) => operators.join('\n'));
  }
}
