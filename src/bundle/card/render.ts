/** A model card as Markdown, for the bundle and the terminal, and as a page. */
import { html } from '../../judge/report/html.ts';
import { renderPage, section } from '../../judge/report/page.ts';
import { scrolling } from '../../judge/report/tables.ts';
import type { ModelCard } from './card.ts';

/** The file of a bundle that it lies in. */
export const cardFile = 'MODEL_CARD.md';

/** So that no text of a bundle makes a link, a tag or another column. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>|#!]/g, '\\$&');

export function cardMarkdown({ title, sections }: ModelCard): string {
  const blocks = sections.flatMap(({ title: heading, rows, notes }) => [
    `## ${heading}`,
    ...(rows.length > 0
      ? [['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${plain(name)} | ${plain(value)} |`)].join('\n')]
      : []),
    ...notes.map(plain),
  ]);
  return `${[`# ${plain(title)}`, ...blocks].join('\n\n')}\n`;
}

/** As a page of its own. Throws OPTION_INVALID where the bundle's date is none. */
export function cardPage({ title, created, sections }: ModelCard): string {
  return renderPage({
    title,
    subject: 'Made of what the bundle says of itself',
    created,
    sections: html`${sections.map(({ title: heading, rows, notes }, i) =>
      section(
        `card-${i}`,
        heading,
        html`${rows.length > 0 && scrolling(heading, html`<table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`)}
${notes.map((text) => html`<p>${text}</p>`)}`,
      ),
    )}`,
  });
}
