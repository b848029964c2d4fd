/** Tables on paper: columns by what is in them, the head again on every page, rows that stay whole where a page holds them. */
import type { Lines, Run, TableBlock } from './blocks.ts';
import { brokenLines, extentOf } from './breaking.ts';
import { paper, Sheet, textWidth } from './sheet.ts';

const SIZE = 8.5;
const LINE = 11.5;
const GAP = 12;
const PADDING = 4;
/** A word that is wider is broken, such as a hash. */
const LONGEST_WORD = 150;

type Row = readonly Lines[];
/** A row whose cells were broken into lines. */
type Set = readonly (readonly (readonly Run[])[])[];

/** Each column has at least its longest word; what is left is divided among those that want more. */
export function columnWidths(sheet: Pick<Sheet, 'widthOf'>, rows: readonly Row[]): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({ length: count }, (_, column) => {
    const extents = rows.flatMap((row) => (row[column] ?? []).map((line) => extentOf(sheet, line, SIZE)));
    const least = Math.min(LONGEST_WORD, Math.max(10, ...extents.map((one) => one.least)));
    return { least, whole: Math.max(least, ...extents.map((one) => one.whole)) };
  });
  const room = textWidth - GAP * (count - 1);
  const least = columns.reduce((sum, one) => sum + one.least, 0);
  // too narrow for the longest words: all are broken alike
  if (least > room) return columns.map((one) => (one.least * room) / least);
  let extra = room - least;
  let open = columns.length;
  const widths = columns.map((one) => one.least);
  // who wants little gets it all, so that a long text beside it breaks no short one
  for (const [i, want] of [...columns.map((one) => one.whole - one.least).entries()].sort(([, a], [, b]) => a - b)) {
    const given = Math.min(want, extra / open--);
    widths[i]! += given;
    extra -= given;
  }
  return widths;
}

const heightOf = (set: Set): number => Math.max(1, ...set.map((lines) => lines.length)) * LINE + 2 * PADDING;

export class TableSetter {
  readonly #sheet: Sheet;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
  }

  set({ head, body, caption }: TableBlock): void {
    const widths = columnWidths(this.#sheet, [...head, ...body]);
    const broken = (row: Row): Set =>
      row.map((cell, i) => cell.flatMap((line) => brokenLines(this.#sheet, line, SIZE, widths[i]!)));
    const heads = head.map(broken);
    const headHeight = heads.reduce((sum, row) => sum + heightOf(row), 0);
    // a head that left no room for rows would come again for ever
    const again = headHeight < Sheet.most / 2 ? headHeight : 0;
    const putHead = (): void => {
      for (const row of heads) this.#row(row, widths);
    };
    const rows = body.map(broken);
    if (this.#sheet.room < headHeight + (rows[0] ? Math.min(heightOf(rows[0]), Sheet.most / 2) : 0))
      this.#sheet.newPage();
    putHead();
    for (const row of rows) {
      let rest = row;
      while (heightOf(rest) > this.#sheet.room) {
        // a row that no page holds is cut at the foot of each
        const fits = Math.floor((this.#sheet.room - 2 * PADDING) / LINE);
        if (heightOf(rest) > Sheet.most - again && fits > 2) {
          this.#row(rest.map((lines) => lines.slice(0, fits)), widths); // biome-ignore format: one line
          rest = rest.map((lines) => lines.slice(fits));
        }
        this.#sheet.newPage();
        if (again > 0) putHead();
      }
      this.#row(rest, widths);
    }
    this.#caption(caption);
  }

  #row(row: Set, widths: readonly number[]): void {
    const sheet = this.#sheet;
    let x: number = paper.margin;
    row.forEach((lines, column) => {
      lines.forEach((line, i) => {
        sheet.write(line, x, sheet.y - PADDING - SIZE - i * LINE, SIZE);
      });
      x += widths[column]! + GAP;
    });
    sheet.y -= heightOf(row);
    sheet.line(paper.margin, sheet.y, textWidth);
  }

  #caption(caption: readonly Run[]): void {
    const sheet = this.#sheet;
    sheet.y -= PADDING;
    for (const line of caption.length > 0 ? brokenLines(sheet, caption, 7.5, textWidth) : []) {
      if (sheet.room < 10) sheet.newPage();
      sheet.write(line, paper.margin, sheet.y - 7.5, 7.5);
      sheet.y -= 10;
    }
    sheet.y -= 8;
  }
}
