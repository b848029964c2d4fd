/** Appraisals and references as people keep them: a table with a row a decision, as CSV or as JSON. */
import { columnNamed, readTextFile, tableForm } from '../text-file.ts';
import { type Appraisal, appraisalError, passes, type Reference, referenceOf } from './appraisal.ts';

type Field = 'part' | 'appraiser' | 'decision' | 'reference' | 'limit';

/** Names of columns, in the order in which they are looked for. Capital letters, spaces, hyphens and underscores do not count. */
const appraisalColumns: Readonly<Record<Field, readonly string[]>> = {
  part: ['part', 'part id', 'part number', 'sample', 'part group'],
  appraiser: ['appraiser', 'operator', 'inspector'],
  decision: ['decision', 'result', 'results', 'assessment', 'assessed result', 'rating'],
  reference: ['reference', 'standard', 'class', 'label'],
  limit: ['limit', 'limit sample', 'borderline'],
};

type Cells = Readonly<Record<string, unknown>>;

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: Cells; readonly line: number }[];
}

async function parseCsv(path: string, text: string): Promise<Table> {
  const { parse } = await import('csv-parse/sync');
  const { delimiter, skipped } = tableForm(text);
  let header: readonly string[] = [];
  try {
    const rows = parse(text, {
      delimiter,
      from_line: 1 + skipped,
      columns: (names: string[]) => {
        header = names;
        return names;
      },
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: Cells; info: { lines: number } }[];
    return { header, rows: rows.map(({ record, info }) => ({ cells: record, line: info.lines })) };
  } catch (cause) {
    throw appraisalError(path, `not a table: ${(cause as Error).message}; quote values that hold the delimiter`, cause);
  }
}

function parseJson(path: string, text: string): Table {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw appraisalError(path, 'it is not JSON; legal is a list of objects, one a decision', cause);
  }
  if (!Array.isArray(json) || !json.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each)))
    throw appraisalError(path, 'legal is a list of objects, one a decision');
  const header = [...new Set(json.flatMap((cells: Cells) => Object.keys(cells)))];
  return { header, rows: json.map((cells: Cells, i) => ({ cells, line: i + 1 })) };
}

/** The column of each field that the table has. */
function columnsOf(path: string, header: readonly string[]): Map<Field, string> {
  const found = new Map<Field, string>();
  for (const field of Object.keys(appraisalColumns) as Field[]) {
    const column = columnNamed(header, appraisalColumns[field], (why) => appraisalError(path, why));
    if (column !== undefined) found.set(field, column);
  }
  if (!found.has('part') || !(found.has('decision') || found.has('reference'))) {
    throw appraisalError(
      path,
      `it has the columns ${header.map((name) => `'${name}'`).join(', ') || 'none'}; legal are part with decision, reference, or both, and appraiser and limit`,
    );
  }
  return found;
}

const yes = /^(1|yes|y|true|x|limit|borderline)$/i;
const no = /^(0|no|n|false|)$/i;

/** What a table holds; a part's reference may stand in every row of it. */
export class AppraisalTable {
  readonly appraisals: Appraisal[] = [];
  readonly references = new Map<string, Reference>();
  readonly #path: string;
  readonly #good: readonly string[] | undefined;

  constructor(path: string, good: readonly string[] | undefined) {
    this.#path = path;
    this.#good = good;
  }

  /** Reads the file. Throws APPRAISALS_INVALID naming row, column and what is legal. */
  async read(): Promise<this> {
    const text = await readTextFile(this.#path);
    const { header, rows } = /^\s*\[/.test(text) ? parseJson(this.#path, text) : await parseCsv(this.#path, text);
    const columns = columnsOf(this.#path, header);
    if (rows.length === 0) throw appraisalError(this.#path, 'it has no rows; legal is a row a decision');
    for (const { cells, line } of rows) this.#take(columns, cells, line);
    return this;
  }

  #take(columns: ReadonlyMap<Field, string>, cells: Cells, line: number): void {
    const value = (field: Field): string => {
      const cell = cells[columns.get(field) ?? ''];
      return cell === undefined || cell === null ? '' : String(cell).trim();
    };
    const refuse = (field: Field, legal: string): never => {
      throw appraisalError(
        this.#path,
        `row ${line}, column '${columns.get(field)}': got '${value(field)}'; legal is ${legal}`,
      );
    };
    const part = value('part') || refuse('part', 'the name or number of a part');
    if (columns.has('reference')) this.#refer(part, value, refuse);
    if (!columns.has('decision')) return;
    const said = value('decision');
    const passed =
      passes(said, this.#good) ??
      refuse('decision', 'a word such as OK, NG or REVIEW, or any where --good says which words let a part pass');
    const appraiser = columns.has('appraiser')
      ? value('appraiser') || refuse('appraiser', 'a name in every row, or no such column')
      : 'appraiser';
    this.appraisals.push({ part, appraiser, passed, said });
  }

  #refer(part: string, value: (field: Field) => string, refuse: (field: Field, legal: string) => never): void {
    const what = value('reference') === '' ? undefined : referenceOf(value('reference'), this.#good);
    if (!what) refuse('reference', 'a word such as good, or the class of a defect; --good says which words mean good');
    const said = value('limit');
    if (!yes.test(said) && !no.test(said)) refuse('limit', 'yes or no');
    const limit = said === '' ? null : yes.test(said);
    const before = this.references.get(part);
    if (before && (before.className !== what!.className || before.limit !== limit))
      refuse('reference', `one reference a part, and part ${part} has '${before.className}' already`);
    this.references.set(part, { part, ...what!, limit });
  }
}
