/** Writing a document that is made from the source: `npm run docs` writes it, a test compares it with what lies there. */
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../src/core/files.ts';
import { withContents } from './contents.ts';
import { repositoryPath } from './repository.ts';
import { wrapped } from './wrapped.ts';

/** A cell of a Markdown table: bars would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A document as it lies there: with its contents, and wrapped. */
export const laidOut = (markdown: string): string => withContents(wrapped(markdown));

/** Writes a document so, or with `--check` only compares it: exit code 1 and what to do when it is out of date. */
export async function writeDocument(path: string, made: string): Promise<void> {
  const text = laidOut(made);
  if (!process.argv.includes('--check')) {
    await writeFileAtomic(repositoryPath(path), text);
    console.log(`wrote ${path}`);
    return;
  }
  const present = await readFile(repositoryPath(path), 'utf8').catch(() => undefined);
  if (present === text) return;
  console.error(`${path} is ${present === undefined ? 'missing' : 'out of date'}; run npm run docs and commit it`);
  process.exitCode = 1;
}
