/** A PDF file (ISO 32000-1) of pages that were drawn with one embedded font. Equal input gives equal bytes. */
import { deflateSync } from 'node:zlib';
import { sha256 } from '../../../core/files.ts';
import type { TrueTypeFont } from './truetype.ts';

/** What tells a report of felfri's from any other PDF. */
export const pdfProducer = '/Producer (felfri report)';

export interface PdfInfo {
  readonly title: string;
  readonly created: Date;
  /** Points. */
  readonly width: number;
  readonly height: number;
}

/** A text string: UTF-16 with its mark, as hexadecimal. */
const textString = (text: string): string => `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;

const dateString = (date: Date): string => `(D:${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z)`;

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

/** By which a reader gets the text back from the glyphs. */
function toUnicode(characters: ReadonlyMap<number, string>): string {
  const lines = [...characters].map(
    ([glyph, text]) => `<${hex4(glyph)}> <${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`,
  );
  const blocks = [];
  for (let i = 0; i < lines.length; i += 100) {
    const some = lines.slice(i, i + 100);
    blocks.push(`${some.length} beginbfchar\n${some.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /felfri def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}

/** The objects of a file, numbered from 1. */
class Objects {
  readonly #bodies: Buffer[] = [];

  /** Takes the next number, to be filled or not by `set`. */
  add(body: string | Buffer = ''): number {
    this.#bodies.push(Buffer.from(body));
    return this.#bodies.length;
  }

  set(number: number, body: string): void {
    this.#bodies[number - 1] = Buffer.from(body);
  }

  stream(bytes: Buffer | string, entries = ''): number {
    const packed = deflateSync(Buffer.from(bytes as string), { level: 9 });
    const head = `<< /Length ${packed.length} /Filter /FlateDecode ${entries}>>\nstream\n`;
    return this.add(Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')]));
  }

  file(root: number, info: number): Buffer {
    const pieces = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
    let at = pieces[0]!.length;
    const offsets = this.#bodies.map((body, i) => {
      const piece = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
      const offset = at;
      pieces.push(piece);
      at += piece.length;
      return `${String(offset).padStart(10, '0')} 00000 n \n`;
    });
    const id = sha256(Buffer.concat(pieces)).slice(0, 32);
    const count = this.#bodies.length + 1;
    pieces.push(
      Buffer.from(
        `xref\n0 ${count}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${count} /Root ${root} 0 R /Info ${info} 0 R /ID [<${id}> <${id}>] >>\nstartxref\n${at}\n%%EOF\n`,
      ),
    );
    return Buffer.concat(pieces);
  }
}

/** Adds the font with the glyphs that are used; gives its number. */
function addFont(objects: Objects, font: TrueTypeFont, characters: ReadonlyMap<number, string>): number {
  const thousandths = (units: number): number => Math.round((1000 * units) / font.unitsPerEm);
  const glyphs = [...characters.keys()].sort((a, b) => a - b);
  const file = font.subset(new Set(glyphs));
  const program = objects.stream(file, `/Length1 ${file.length} `);
  // six letters of its own tell a part of a font from the whole
  const tag = [...sha256(Buffer.from(glyphs.join())).slice(0, 6)].map((c) => String.fromCharCode(65 + Number.parseInt(c, 16))); // biome-ignore format: one line
  const name = `/${tag.join('')}+DejaVuSansCondensed`;
  const box = font.box.map(thousandths).join(' ');
  const descriptor = objects.add(
    `<< /Type /FontDescriptor /FontName ${name} /Flags 4 /FontBBox [${box}] /ItalicAngle 0 /Ascent ${thousandths(font.ascent)} /Descent ${thousandths(font.descent)} /CapHeight ${thousandths(font.ascent)} /StemV 80 /FontFile2 ${program} 0 R >>`,
  );
  const widths = glyphs.map((glyph) => `${glyph} [${thousandths(font.widthOf(glyph))}]`).join(' ');
  const descendant = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /W [${widths}] /CIDToGIDMap /Identity >>`,
  );
  const unicode = objects.stream(toUnicode(new Map(glyphs.map((glyph) => [glyph, characters.get(glyph)!]))));
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
  );
}

/**
 * The file.
 *
 * @param pages operators of each page's content; its font is called /F.
 * @param characters what each used glyph stands for.
 */
export function pdfFile(
  { title, created, width, height }: PdfInfo,
  pages: readonly string[],
  font: TrueTypeFont,
  characters: ReadonlyMap<number, string>,
): Buffer {
  const objects = new Objects();
  const root = objects.add();
  const tree = objects.add();
  const fontNumber = addFont(objects, font, characters);
  const kids = pages.map((content) => {
    const stream = objects.stream(content);
    return objects.add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /Font << /F ${fontNumber} 0 R >> >> /Contents ${stream} 0 R >>`,
    );
  });
  objects.set(tree, `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`);
  objects.set(
    root,
    `<< /Type /Catalog /Pages ${tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>`,
  );
  const info = objects.add(`<< /Title ${textString(title)} ${pdfProducer} /CreationDate ${dateString(created)} >>`);
  return objects.file(root, info);
}
