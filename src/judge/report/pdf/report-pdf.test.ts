/** Reports as PDF: that what the HTML says arrives, and the same bytes for the same report. */
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { proportion } from '../../decision-counts.ts';
import { html } from '../html.ts';
import { notes, renderPage, section } from '../page.ts';
import { brokenLines } from './breaking.ts';
import { isPdfReport, pdfOfReport } from './report-pdf.ts';
import { columnWidths } from './table.ts';

interface Read {
  readonly pages: readonly string[];
  /** Right ends of no text lie beyond it; left edges of each. */
  readonly lefts: readonly number[];
}

/** The text of each page, by the file's own table of characters, a line for each piece that was set. */
function readPdf(bytes: Uint8Array): Read {
  const file = Buffer.from(bytes);
  const streams: string[] = [];
  for (let at = file.indexOf('stream\n'); at >= 0; at = file.indexOf('stream\n', at + 7)) {
    if (file.subarray(at - 3, at).toString() === 'end') continue;
    const end = file.indexOf('\nendstream', at);
    streams.push(inflateSync(file.subarray(at + 7, end)).toString('latin1'));
    at = end + '\nendstream'.length;
  }
  const map = new Map<string, string>();
  for (const [, glyph, text] of streams.join('\n').matchAll(/^<([0-9a-f]{4})> <([0-9a-f]{4,8})>$/gm))
    if (text !== 'ffff') map.set(glyph!, Buffer.from(text!, 'hex').swap16().toString('utf16le'));
  const contents = streams.filter((one) => one.startsWith('BT ') || one.includes('\nBT '));
  const piece = /([\d.]+) [\d.-]+ Td <([0-9a-f]*)> Tj/g;
  return {
    pages: contents.map((content) =>
      [...content.matchAll(piece)]
        .map(([, , codes]) => codes!.match(/.{4}/g)!.map((code) => map.get(code)!).join('')) // biome-ignore format: one line
        .join('\n'),
    ),
    lefts: contents.flatMap((content) => [...content.matchAll(piece)].map(([, left]) => Number(left))),
  };
}

const page = (sections: ReturnType<typeof html>, title = 'Prüfung å'): string =>
  renderPage({ title, subject: 'Ring 7, Ø 12 µm', created: '2026-11-28T12:00:00Z', sections });
const flat = (text: string): string => text.replace(/\s+/g, ' ');

it('sets headings, sentences, lists and tables, with every letter and number', async () => {
  const value = proportion(3, 51, 0.95);
  const bytes = await pdfOfReport(
    page(html`${section('a', 'Ergebnis', html`<p><b>Δx ≤ 5 %.</b> Größe, Ångström, Пример.</p>`)}
${section(
  'b',
  'Table',
  html`<table><caption>Of 51.</caption><thead><tr><th scope="col">Who</th><th scope="col">Rate</th></tr></thead>
<tbody><tr><th scope="row">Åsa<small>operator</small></th><td class="figure"><b>${value.value!.toFixed(3)}</b><small>0.012 to 0.162</small></td></tr></tbody></table>`,
)}
${section('c', 'List', notes('In words', ['first <b> & "second"', 'Accepted ☐']))}`),
  );
  const { pages } = readPdf(bytes);
  expect(pages).toHaveLength(1);
  const said = flat(pages[0]!);
  for (const text of ['felfri', 'Prüfung å', 'Ring 7, Ø 12 µm, 28 November 2026 at 12:00 UTC', 'Ergebnis', 'Δx ≤ 5 %. Größe, Ångström, Пример.', 'Who Rate Åsa operator 0.059 0.012 to 0.162', 'Of 51.', 'first <b> & "second"', 'Accepted ☐', 'Page 1 of 1']) // biome-ignore format: one line
    expect(said).toContain(text);
  expect(isPdfReport(bytes)).toBe(true);
  expect(isPdfReport(Buffer.from('%PDF-1.7\n/Producer (another)'))).toBe(false);
});

it('gives equal bytes for equal reports', async () => {
  const [one, same, other] = [
    await pdfOfReport(page(html`<p>a</p>`)),
    await pdfOfReport(page(html`<p>a</p>`)),
    await pdfOfReport(page(html`<p>b</p>`)),
  ];
  expect(Buffer.from(same).equals(one)).toBe(true);
  expect(Buffer.from(other).equals(one)).toBe(false);
});

it('puts characters that it cannot show by their numbers, and says so', async () => {
  const said = flat(readPdf(await pdfOfReport(page(html`<p>王芳 שלום 𝄞 e\u0301</p>`, '王'))).pages[0]!);
  expect(said).toContain('[U+738B][U+82B3] [U+05E9][U+05DC][U+05D5][U+05DD] [U+1D11E] é');
  expect(said).toContain('7 characters that the font of this file lacks or cannot join stand by their numbers');
  expect(said).not.toContain('undefined');
  const odd = readPdf(await pdfOfReport(page(html`<p>a\u0001b\ud800c</p>`)));
  expect(flat(odd.pages[0]!)).toContain('a\ufffdb\ufffdc');
});

it('goes on over pages: heads of tables again, rows longer than a page cut, nothing lost and nothing beyond the edge', async () => {
  const rows = Array.from(
    { length: 90 },
    (_, i) => html`<tr><th scope="row">row ${i}</th><td>${'x'.repeat(i * 3)}</td></tr>`,
  );
  const long = Array.from({ length: 1500 }, (_, i) => `w${i}`);
  const { pages, lefts } = readPdf(
    await pdfOfReport(
      page(
        html`${section('a', 'Rows', html`<table><thead><tr><th scope="col">HEAD</th><th scope="col">B</th></tr></thead><tbody>${rows}<tr><th scope="row">long</th><td>${long.join(' ')}</td></tr></tbody></table>`)}<p>${long.map((word) => `p${word}`).join(' ')}</p>`,
      ),
    ),
  );
  expect(pages.length).toBeGreaterThan(3);
  const all = pages.join('\n');
  for (let i = 0; i < 90; i++) expect(all).toContain(`row ${i}\n`);
  const words = new Set(all.split(/\s+/));
  expect(long.filter((word) => !words.has(word) || !words.has(`p${word}`))).toEqual([]);
  expect(all.match(/x/g)!.length).toBe((3 * 89 * 90) / 2);
  const withRows = pages.filter((one) => /row \d/.test(one));
  expect(withRows.every((one) => one.includes('HEAD'))).toBe(true);
  pages.forEach((one, i) => {
    expect(one).toContain(`Page ${i + 1} of ${pages.length}`);
  });
  expect(Math.min(...lefts)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...lefts)).toBeLessThan(545);
});

it('keeps every line within its width, and columns within the page', () => {
  const sheet = { widthOf: (text: string, size: number) => (Array.from(text).length * size) / 2 };
  const run = (text: string) => [{ text, bold: false, soft: false }];
  const lines = brokenLines(sheet, run(`a bb ${'c'.repeat(100)} dd`), 10, 60);
  expect(
    lines
      .map((line) => line.map(({ text }) => text).join(''))
      .join('')
      .replaceAll(' ', ''),
  ).toBe(`abb${'c'.repeat(100)}dd`);
  for (const line of lines)
    expect(
      sheet.widthOf(
        line
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
        10,
      ),
    ).toBeLessThanOrEqual(60);
  for (const words of ['a', 'word '.repeat(100), 'x'.repeat(500)]) {
    const widths = columnWidths(sheet, [Array.from({ length: 6 }, () => [run(words)])]);
    expect(widths.reduce((sum, one) => sum + one, 0) + 5 * 12).toBeLessThanOrEqual(496);
  }
});

it('refuses what paper has no form for, so that nothing is left out silently', async () => {
  await expect(pdfOfReport(page(html`<svg viewBox="0 0 1 1"></svg>`))).rejects.toThrow('<svg>');
});
