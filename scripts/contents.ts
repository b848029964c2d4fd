/** The list of its sections that a long document has at its top. */

/** Lines from which a reader wants to see first what there is. */
const LONG = 150;
const [opening, closing] = ['<!-- contents, by npm run docs -->\n', '<!-- end of contents -->\n\n'];

/** The name of a heading in an address, as Markdown's readers make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

const without = (markdown: string): string => {
  const [before, rest] = markdown.split(opening, 2);
  return rest === undefined ? markdown : before + rest.slice(rest.indexOf(closing) + closing.length);
};

/** The document with its sections listed before the first of them, where it is long; a short one without. */
export function withContents(markdown: string): string {
  const plain = without(markdown);
  const prose = plain.replaceAll(/^```[\s\S]*?^```/gm, (code) => code.replaceAll(/^#/gm, ' '));
  const headings = [...prose.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
  if (plain.split('\n').length <= LONG || headings.length < 3) return plain;
  const list = headings.map((heading) => `* [${heading}](#${anchorOf(heading)})\n`).join('');
  const at = prose.indexOf('\n## ') + 1;
  return `${plain.slice(0, at)}${opening}\n${list}\n${closing}${plain.slice(at)}`;
}
