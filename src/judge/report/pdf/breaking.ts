/** Text broken into lines of a width: between words, and within a word that is too long for a line, such as a hash. */
import type { Run } from './blocks.ts';
import type { Sheet } from './sheet.ts';

type Measure = Pick<Sheet, 'widthOf'>;

/** Words with the spaces that follow them. */
const wordsOf = (runs: readonly Run[]): Run[] =>
  runs.flatMap((run) => (run.text.match(/[^ ]+ *| +/g) ?? []).map((text) => ({ ...run, text })));

/** As many characters of a word as fit, one at least. */
function headOf(sheet: Measure, text: string, size: number, width: number): string {
  const characters = Array.from(text);
  let count = 1;
  while (count < characters.length && sheet.widthOf(characters.slice(0, count + 1).join(''), size) <= width) count++;
  return characters.slice(0, count).join('');
}

export function brokenLines(sheet: Measure, runs: readonly Run[], size: number, width: number): Run[][] {
  const lines: Run[][] = [[]];
  let used = 0;
  const put = (run: Run): void => {
    lines.at(-1)!.push(run);
    used += sheet.widthOf(run.text, size);
  };
  for (const word of wordsOf(runs)) {
    let { text } = word;
    const needed = sheet.widthOf(text.trimEnd(), size);
    if (used > 0 && used + needed > width) {
      lines.push([]);
      used = 0;
    }
    while (sheet.widthOf(text.trimEnd(), size) > width && Array.from(text).length > 1) {
      const head = headOf(sheet, text, size, width);
      put({ ...word, text: head });
      text = text.slice(head.length);
      lines.push([]);
      used = 0;
    }
    put({ ...word, text });
  }
  return lines.map(joined).filter((line, i, all) => line.length > 0 || all.length === 1 || i === 0);
}

/** Neighbours that look alike as one, so that a line of text is one text to who copies it. */
function joined(line: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const run of line) {
    const last = runs.at(-1);
    if (last && last.bold === run.bold && last.soft === run.soft)
      runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}

/** Widths of the widest word, and of the whole on one line. */
export function extentOf(sheet: Measure, runs: readonly Run[], size: number): { least: number; whole: number } {
  const least = Math.max(0, ...wordsOf(runs).map(({ text }) => sheet.widthOf(text.trimEnd(), size)));
  return { least, whole: sheet.widthOf(runs.map(({ text }) => text).join(''), size) };
}
