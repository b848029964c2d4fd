/** Cells and lines of CSV files (RFC 4180). */

/** Null is an empty cell. */
export type Cell = string | number | null;

function csvCell(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Without the end of the line, which files have of either kind. */
export const csvLine = (cells: readonly Cell[]): string => cells.map(csvCell).join(',');

/** For tables that people open: a text that a spreadsheet would take for a formula begins with an apostrophe. */
export const withoutFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
