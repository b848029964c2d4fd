/** Prose of Markdown in lines of at most 100 columns, so that a change of it reads well. */

const WIDTH = 100;
const fence = /^\s*(```|~~~)/;
/** What stays as it is: tables, headings, HTML, pictures, and the links of a list of contents. */
const verbatim = /^\s*(\||#|<|!\[|[*-] \[[^\]]*\]\(#[^)]*\)$)/;
const listItem = /^\s*(?:[-*+]|\d+\.)\s+/;
const quote = /^\s*>\s?/;

/** One paragraph, item or quotation. */
function paragraph(lines: readonly string[]): string[] {
  const [first = ''] = lines;
  const lead = first.match(listItem)?.[0] ?? first.match(quote)?.[0] ?? first.match(/^\s*/)![0];
  const rest = quote.test(lead) ? lead : ' '.repeat(lead.length);
  const words = [
    first.slice(lead.length),
    ...lines.slice(1).map((line) => line.replace(quote.test(lead) ? quote : '', '')),
  ]
    .join(' ')
    .trim()
    .split(/\s+/);
  const wrapped: string[] = [];
  let line = lead + words[0]!;
  for (const word of words.slice(1)) {
    if (line.length + 1 + word.length <= WIDTH) line += ` ${word}`;
    else {
      // a word that would begin a list takes the one before it along
      const cut = /^([-*+]|\d+\.|#+|>)$/.test(word) ? line.lastIndexOf(' ') : line.length;
      wrapped.push(line.slice(0, cut));
      line = rest + [line.slice(cut).trim(), word].filter(Boolean).join(' ');
    }
  }
  return [...wrapped, line];
}

/** The text with its paragraphs filled; code, tables, headings and pictures as they are. */
export function wrapped(markdown: string): string {
  const out: string[] = [];
  let gathered: string[] = [];
  let inCode = false;
  const end = (): void => {
    if (gathered.length > 0) out.push(...paragraph(gathered));
    gathered = [];
  };
  for (const line of markdown.split('\n')) {
    if (fence.test(line)) inCode = !inCode;
    if (inCode || fence.test(line) || verbatim.test(line) || line.trim() === '') {
      end();
      out.push(line);
      continue;
    }
    // within prose a line that begins with a number above 1 is prose
    const isItem = gathered.length > 0 && !listItem.test(gathered[0]!) ? /^\s*([-*+]|1\.)\s+/ : listItem;
    if (isItem.test(line) || quote.test(line) !== quote.test(gathered[0] ?? line)) end();
    gathered.push(line);
  }
  end();
  return out.join('\n');
}
