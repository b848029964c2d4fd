/** The page that every report is: one HTML file that needs no network, no script and no other file, for the screen and for paper. */
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { html, Markup } from './html.ts';
import { style } from './style.ts';

const productLine = '<p class="product">felfri</p>';

/** Whether the bytes of a file are a report of felfri's, of this version or an earlier one. */
export const isReport = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(productLine);

export interface Page {
  readonly title: string;
  /** Of the data set. */
  readonly subject: string;
  /** ISO 8601. */
  readonly created: string;
  readonly sections: Markup;
}

/**
 * The page as text. Deterministic: equal input gives equal text.
 *
 * @throws FelfriError OPTION_INVALID when the date is none.
 */
export function renderPage({ title, subject, created, sections }: Page): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) {
    throw new FelfriError(
      'OPTION_INVALID',
      `got the date "${created}"; legal is ISO 8601, such as 2025-01-31T12:00:00Z`,
      { subject: 'created' },
    );
  }
  const day = date.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  // the hash lets this one style sheet in and keeps everything else out, whatever a file name may hold
  const styleHash = Buffer.from(sha256(style), 'hex').toString('base64');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-${new Markup(styleHash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header>
${new Markup(productLine)}
<h1>${title}</h1>
<p class="lead">${subject}, <time datetime="${created}">${day} UTC</time></p>
</header>
${sections}
</main>
</body>
</html>
`.text;
}

/** A section with its heading; `id` is unique within the page. */
export function section(id: string, heading: string, content: Markup): Markup {
  return html`<section aria-labelledby="${id}" class="${id}-section">
<h2 id="${id}">${heading}</h2>
${content}
</section>`;
}

/** A list of sentences under a small heading. */
export function notes(heading: string, lines: readonly string[]): Markup {
  return html`<div><h3>${heading}</h3><ul>${lines.map((text) => html`<li>${text}</li>`)}</ul></div>`;
}

/** What a reader must know before believing the figures; nothing without lines. */
export function care(lines: readonly string[]): Markup {
  return html`${lines.length > 0 && html`<div class="care">${lines.map((text) => html`<p>${text}</p>`)}</div>`}`;
}
