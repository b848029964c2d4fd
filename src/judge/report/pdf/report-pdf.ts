/** A report as PDF: the page that is the HTML, set on paper, so that both say the same. Text can be selected, pages are numbered. */
import type { Block, ReportBlocks, Run, TextBlock } from './blocks.ts';
import { blocksOf } from './blocks.ts';
import { brokenLines } from './breaking.ts';
import { openFont, showable } from './font.ts';
import { pdfFile, pdfProducer } from './pdf-file.ts';
import { paper, Sheet, textWidth } from './sheet.ts';
import { TableSetter } from './table.ts';
import type { TrueTypeFont } from './truetype.ts';

interface Form {
  readonly size: number;
  /** From base to base. */
  readonly line: number;
  readonly before: number;
  readonly after: number;
  /** What must follow on the same page. */
  readonly keep: number;
}

const forms: Readonly<Record<TextBlock['kind'], Form>> = {
  product: { size: 8, line: 10, before: 0, after: 2, keep: 60 },
  h1: { size: 19, line: 23, before: 0, after: 3, keep: 60 },
  lead: { size: 9.5, line: 13, before: 0, after: 10, keep: 40 },
  h2: { size: 13, line: 17, before: 14, after: 4, keep: 60 },
  h3: { size: 10, line: 14, before: 5, after: 2, keep: 30 },
  p: { size: 9.5, line: 13, before: 0, after: 5, keep: 0 },
  li: { size: 9.5, line: 13, before: 0, after: 2.5, keep: 0 },
  care: { size: 9, line: 12.5, before: 0, after: 0, keep: 0 },
};

const INDENT = 12;

/** Every text as the font can show it. */
class Shown {
  readonly #font: TrueTypeFont;
  readonly missing = new Set<string>();

  constructor(font: TrueTypeFont) {
    this.#font = font;
  }

  text(text: string): string {
    const { text: shown, missing } = showable(this.#font, text);
    for (const character of missing) this.missing.add(character);
    return shown;
  }

  #runs = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, text: this.text(run.text) }));

  block(block: Block): Block {
    if (block.kind !== 'table') return { ...block, runs: this.#runs(block.runs) };
    const rows = (all: (typeof block)['body']) => all.map((row) => row.map((cell) => cell.map(this.#runs)));
    return { kind: 'table', caption: this.#runs(block.caption), head: rows(block.head), body: rows(block.body) };
  }
}

const plain = (text: string): Run[] => [{ text, bold: false, soft: false }];

/** Says what stands by its number, after the head of the page. */
function withMissing(blocks: readonly Block[], missing: number): Block[] {
  if (missing === 0) return [...blocks];
  const at = blocks.findIndex(({ kind }) => kind === 'lead') + 1;
  const note: TextBlock = {
    kind: 'care',
    runs: plain(
      `${missing === 1 ? 'One character' : `${missing} characters`} that the font of this file lacks or cannot join stand by their numbers, such as [U+4E2D]. The HTML report has them as they were written.`,
    ),
  };
  return [...blocks.slice(0, at), note, ...blocks.slice(at)];
}

function setText(sheet: Sheet, { kind, runs }: TextBlock): void {
  const { size, line, before, after, keep } = forms[kind];
  const inset = kind === 'li' || kind === 'care' ? INDENT : 0;
  const lines = brokenLines(sheet, runs, size, textWidth - inset * (kind === 'care' ? 2 : 1));
  const soft = kind === 'lead' || kind === 'product';
  if (sheet.room < before + lines.length * line + keep && lines.length * line + keep < Sheet.most) sheet.newPage();
  sheet.y -= before;
  lines.forEach((one, i) => {
    if (sheet.room < line) sheet.newPage();
    if (kind === 'care') sheet.fill('care', paper.margin, sheet.y + 1, textWidth, line + 1);
    if (kind === 'li' && i === 0) sheet.write(plain('•'), paper.margin + 2, sheet.y - size, size);
    sheet.write(soft ? one.map((run) => ({ ...run, soft })) : one, paper.margin + inset, sheet.y - size, size);
    sheet.y -= line;
  });
  sheet.y -= after;
}

/** Whether the bytes of a file are a report of felfri's as PDF. */
export const isPdfReport = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(pdfProducer);

/** The bytes of a PDF of a page that `renderPage` made. Equal pages give equal bytes. */
export async function pdfOfReport(page: string): Promise<Uint8Array<ArrayBuffer>> {
  const font = await openFont();
  const { blocks, created }: ReportBlocks = await blocksOf(page);
  const shown = new Shown(font);
  const all = blocks.map((block) => shown.block(block));
  const sheet = new Sheet(font);
  const tables = new TableSetter(sheet);
  const heading = blocks.find((block): block is TextBlock => block.kind === 'h1');
  const title = (heading?.runs ?? []).map(({ text }) => text).join('');
  const placed = withMissing(all, shown.missing.size);
  placed.forEach((block, i) => {
    if (block.kind === 'table') tables.set(block);
    else setText(sheet, block);
    if (block.kind === 'care' && placed[i + 1]?.kind !== 'care') sheet.y -= 10;
  });
  const { width, height } = paper;
  const pages = sheet.finish(shown.text(title));
  return new Uint8Array(pdfFile({ title, created: new Date(created), width, height }, pages, font, sheet.characters));
}
