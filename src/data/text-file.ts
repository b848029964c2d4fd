/** Text as other programs save it: UTF-8, or UTF-16 as Excel and PowerShell write, each with or without a byte order mark. */
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../core/errors.ts';

/** The encoding that a byte order mark states, or that zero bytes between Latin letters betray. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
  return 'utf-8';
}

/** The text without its byte order mark. What is no text in its encoding becomes U+FFFD, which no reader takes for a name. */
const decodeText = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);

/** Throws DATASET_LAYOUT for a compressed file, and what reading the file throws. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new FelfriError('DATASET_LAYOUT', `${path}: compressed by gzip; unpack it (gunzip)`, { subject: path });
  return decodeText(bytes);
}

export interface TableForm {
  readonly delimiter: string;
  /** Lines before the header: Excel's 'sep=;'. */
  readonly skipped: number;
}

/** Comma, semicolon or tab: what Excel's first line states, else whichever the header line has most of. */
export function tableForm(text: string): TableForm {
  const [first = ''] = text.split('\n', 1);
  const stated = /^"?sep=(.)"?\s*$/i.exec(first)?.[1];
  if (stated !== undefined) return { delimiter: stated, skipped: 1 };
  const [delimiter = ','] = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length);
  return { delimiter, skipped: 0 };
}

/** A column's name as people mean it: capital letters, spaces, hyphens and underscores do not count. */
const plainColumn = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, '');

/**
 * The column that has the first of some names that is there; undefined where none is. Throws what `refuse` makes of the reason where two columns have
 * that name: nobody can tell which of them counts.
 */
export function columnNamed(
  header: readonly string[],
  names: readonly string[],
  refuse: (why: string) => Error,
): string | undefined {
  for (const name of names) {
    const [one, other] = header.filter((own) => plainColumn(own) === plainColumn(name));
    if (one !== undefined && other !== undefined)
      throw refuse(`row 1 has two columns '${one}'${one === other ? '' : ` and '${other}'`}; rename one, as nobody can tell which of them counts`); // biome-ignore format: one line
    if (one !== undefined) return one;
  }
  return undefined;
}
