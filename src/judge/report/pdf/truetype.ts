/** A TrueType font as a PDF embeds it: which glyph a character has, how wide it is, and the file with the outlines of the used glyphs alone. */

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** What a reader of PDF needs; the hinting programs stay, since outlines call them. */
const embedded = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'] as const;

function tablesOf(bytes: Buffer): Map<string, Table> {
  const count = bytes.readUInt16BE(4);
  const all = Array.from({ length: count }, (_, i) => {
    const at = 12 + 16 * i;
    const table = { offset: bytes.readUInt32BE(at + 8), length: bytes.readUInt32BE(at + 12) };
    return [bytes.toString('latin1', at, at + 4), table] as const;
  });
  return new Map(all);
}

/** Glyphs by code point, of the table's form 12: groups of characters in a row. */
function characterMap(bytes: Buffer, { offset }: Table): Map<number, number> {
  const map = new Map<number, number>();
  const count = bytes.readUInt16BE(offset + 2);
  for (let i = 0; i < count; i++) {
    const at = offset + bytes.readUInt32BE(offset + 8 + 8 * i);
    if (bytes.readUInt16BE(at) !== 12) continue;
    const groups = bytes.readUInt32BE(at + 12);
    for (let g = 0; g < groups; g++) {
      const group = at + 16 + 12 * g;
      const [first, last, glyph] = [0, 4, 8].map((k) => bytes.readUInt32BE(group + k)) as [number, number, number];
      for (let code = first; code <= last; code++) map.set(code, glyph + code - first);
    }
  }
  return map;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  const padded = Buffer.concat([new Uint8Array(bytes), new Uint8Array((4 - (bytes.length % 4)) % 4)]);
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

/** A font file of these tables. */
function fontFile(tables: readonly (readonly [name: string, bytes: Buffer])[]): Buffer {
  const head = Buffer.alloc(12 + 16 * tables.length);
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(tables.length, 4);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (tables.length - power), 10);
  let offset = head.length;
  const pieces: Buffer[] = [head];
  tables.forEach(([name, bytes], i) => {
    const at = 12 + 16 * i;
    head.write(name, at, 'latin1');
    head.writeUInt32BE(checksum(bytes), at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(bytes.length, at + 12);
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    pieces.push(bytes, padding);
    offset += bytes.length + padding.length;
  });
  return Buffer.concat(pieces);
}

/** Flags of a part of a composite glyph (OpenType, table glyf). */
const WORDS = 0x1;
const SCALE = 0x8;
const MORE = 0x20;
const TWO_SCALES = 0x40;
const MATRIX = 0x80;

/** The glyphs that a composite one is made of. */
function partsOf(outline: Buffer): number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  const parts: number[] = [];
  let at = 10;
  for (let flags = MORE; flags & MORE; ) {
    flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    at += 4 + (flags & WORDS ? 4 : 2) + (flags & MATRIX ? 8 : flags & TWO_SCALES ? 4 : flags & SCALE ? 2 : 0);
  }
  return parts;
}

export class TrueTypeFont {
  readonly #bytes: Buffer;
  readonly #tables: Map<string, Table>;
  readonly #glyphs: Map<number, number>;
  readonly #glyphCount: number;
  readonly #hmtx: Buffer;
  readonly #metrics: number;
  readonly #long: boolean;
  readonly unitsPerEm: number;
  /** Of a line above and below its base; below is negative. */
  readonly ascent: number;
  readonly descent: number;
  /** Left, bottom, right, top. */
  readonly box: readonly number[];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#tables = tablesOf(bytes);
    const [head, hhea, maxp] = ['head', 'hhea', 'maxp'].map((name) => this.#table(name)) as [Buffer, Buffer, Buffer];
    this.unitsPerEm = head.readUInt16BE(18);
    this.box = [36, 38, 40, 42].map((at) => head.readInt16BE(at));
    this.#long = head.readInt16BE(50) === 1;
    this.ascent = hhea.readInt16BE(4);
    this.descent = hhea.readInt16BE(6);
    this.#hmtx = this.#table('hmtx');
    this.#metrics = hhea.readUInt16BE(34);
    this.#glyphCount = maxp.readUInt16BE(4);
    this.#glyphs = characterMap(bytes, this.#tables.get('cmap')!);
  }

  #table(name: string): Buffer {
    const { offset, length } = this.#tables.get(name)!;
    return this.#bytes.subarray(offset, offset + length);
  }

  /** Undefined for a character that the font lacks. */
  glyphOf(code: number): number | undefined {
    return this.#glyphs.get(code) || undefined;
  }

  /** In units. */
  widthOf(glyph: number): number {
    return this.#hmtx.readUInt16BE(4 * Math.min(glyph, this.#metrics - 1));
  }

  #outline(glyph: number): Buffer {
    const loca = this.#table('loca');
    const at = (i: number): number => (this.#long ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i));
    return this.#table('glyf').subarray(at(glyph), at(glyph + 1));
  }

  /** The font with the outlines of these glyphs, of what they are made of, and of the one for no character; numbers stay. */
  subset(glyphs: ReadonlySet<number>): Buffer {
    const wanted = new Set([0, ...glyphs]);
    for (const glyph of wanted) for (const part of partsOf(this.#outline(glyph))) wanted.add(part);
    const loca = Buffer.alloc(4 * (this.#glyphCount + 1));
    const outlines: Buffer[] = [];
    let offset = 0;
    for (let glyph = 0; glyph < this.#glyphCount; glyph++) {
      loca.writeUInt32BE(offset, 4 * glyph);
      if (!wanted.has(glyph)) continue;
      const outline = this.#outline(glyph);
      outlines.push(outline, Buffer.alloc((4 - (outline.length % 4)) % 4));
      offset += outline.length + outlines.at(-1)!.length;
    }
    loca.writeUInt32BE(offset, 4 * this.#glyphCount);
    const head = Buffer.from(this.#table('head'));
    head.writeInt16BE(1, 50);
    const made: Record<string, Buffer> = { glyf: Buffer.concat(outlines), loca, head };
    return fontFile(
      embedded.filter((name) => this.#tables.has(name)).map((name) => [name, made[name] ?? this.#table(name)]),
    );
  }
}
