/** A report's page as what paper takes: headings, paragraphs, lists and tables, in the order of the page. */
import type { SaxesParser } from 'saxes';

export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly soft: boolean;
}

/** Texts that begin a line each. */
export type Lines = readonly (readonly Run[])[];

export interface TableBlock {
  readonly kind: 'table';
  readonly caption: readonly Run[];
  readonly head: readonly (readonly Lines[])[];
  readonly body: readonly (readonly Lines[])[];
}

export interface TextBlock {
  /** care: what a reader must know; product and lead: of the page's head. */
  readonly kind: 'h1' | 'h2' | 'h3' | 'p' | 'li' | 'care' | 'product' | 'lead';
  readonly runs: readonly Run[];
}

export type Block = TextBlock | TableBlock;

export interface ReportBlocks {
  readonly blocks: readonly Block[];
  /** As the page's head has it. */
  readonly created: string;
}

interface Open {
  readonly name: string;
  readonly className: string;
}

/** Elements whose own text is a block. */
const texts: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'p', 'li']);
/** Elements that hold others and show nothing themselves. */
const frames: ReadonlySet<string> = new Set(['main', 'header', 'section', 'div', 'ul', 'thead', 'tbody']);
/** Elements within a text. */
const inline: ReadonlySet<string> = new Set(['b', 'small', 'span', 'time']);

class Reading {
  readonly blocks: Block[] = [];
  created = '';
  readonly #open: Open[] = [];
  #runs: Run[] = [];
  #lines: Run[][] = [];
  #cells: Lines[] = [];
  #caption: Run[] = [];
  #head: Lines[][] = [];
  #body: Lines[][] = [];

  begin(name: string, attributes: Readonly<Record<string, string>>): void {
    const { class: className = '' } = attributes;
    this.#open.push({ name, className });
    if (name === 'time') this.created = attributes['datetime'] ?? '';
    if (texts.has(name) || name === 'caption') this.#runs = [];
    else if (name === 'table') [this.#caption, this.#head, this.#body] = [[], [], []];
    else if (name === 'tr') this.#cells = [];
    else if (name === 'th' || name === 'td') [this.#runs, this.#lines] = [[], []];
    else if (name === 'small' && this.#isIn('th', 'td')) this.#endLine();
    else if (!frames.has(name) && !inline.has(name))
      throw new Error(`a report for paper has no <${name}>: say how it is printed`);
  }

  #isIn(...names: readonly string[]): boolean {
    return this.#open.some((one) => names.includes(one.name));
  }

  #endLine(): void {
    if (this.#runs.some(({ text }) => text.trim() !== '')) this.#lines.push(trimmed(this.#runs));
    this.#runs = [];
  }

  text(text: string): void {
    // breaks of the source are spaces, as a browser has them
    const shown = text.replace(/[ \n\r\t]+/g, ' ');
    const here = this.#open.at(-1);
    if (!here || (frames.has(here.name) && shown.trim() === '')) return;
    this.#runs.push({
      text: shown,
      bold: this.#isIn('b', 'h1', 'h2', 'h3', 'thead') || (this.#isIn('th') && here.name !== 'small'),
      soft: this.#isIn('small') || here.className === 'muted' || this.#isIn('caption'),
    });
  }

  end(name: string): void {
    const { className } = this.#open.pop()!;
    if (texts.has(name)) {
      const runs = trimmed(this.#runs);
      const own = this.#open.some((one) => one.className === 'care') ? 'care' : className;
      const kind = own === 'care' || own === 'product' || own === 'lead' ? own : (name as TextBlock['kind']);
      if (runs.length > 0) this.blocks.push({ kind, runs });
      this.#runs = [];
    } else if (name === 'caption') {
      this.#caption = trimmed(this.#runs);
      this.#runs = [];
    } else if (name === 'th' || name === 'td') {
      this.#endLine();
      this.#cells.push(this.#lines);
    } else if (name === 'tr') (this.#isIn('thead') ? this.#head : this.#body).push(this.#cells);
    else if (name === 'table')
      this.blocks.push({ kind: 'table', caption: this.#caption, head: this.#head, body: this.#body });
  }
}

/** Without spaces at both ends, and without empty pieces. */
function trimmed(runs: readonly Run[]): Run[] {
  const kept = runs.filter(({ text }) => text !== '');
  return kept
    .map((run, i) => {
      const start = i === 0 ? run.text.replace(/^ +/, '') : run.text;
      return { ...run, text: i === kept.length - 1 ? start.replace(/ +$/, '') : start };
    })
    .filter(({ text }) => text !== '');
}

/** Characters that XML has no place for, and halves of pairs: a sign of what cannot be shown stands for each. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNSHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

/** Of a page that `renderPage` made. Throws an Error for an element that paper has no form for: nothing is left out silently. */
export async function blocksOf(page: string): Promise<ReportBlocks> {
  // loaded here, as few reports go to paper
  const { SaxesParser: Parser } = await import('saxes');
  const parser: SaxesParser = new Parser();
  const reading = new Reading();
  parser.ENTITIES['nbsp'] = '\u00a0';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => reading.begin(name, attributes as Record<string, string>));
  parser.on('text', (text) => reading.text(text));
  parser.on('closetag', ({ name }) => reading.end(name));
  const main = page.slice(page.indexOf('<main>'), page.lastIndexOf('</main>') + '</main>'.length);
  parser.write(main.replace(UNSHOWN, '\ufffd')).close();
  return { blocks: reading.blocks, created: reading.created };
}
