/** What of a PNG its decoder passes over: pixels beyond its palette, and an orientation behind its pixels. */
import { pngChunk } from '../png.ts';
import { corruptImage } from '../refusals.ts';
import { hasText } from '../signature.ts';
import { pngChunks } from './png-chunks.ts';

/** The same file, with an eXIf chunk before its pixels: exiftool writes it behind them, where libvips does not look for an orientation. */
export function withEarlyExif(bytes: Uint8Array): Uint8Array {
  if (!hasText(bytes, 0, '\x89PNG')) return bytes;
  const chunks = [...pngChunks(bytes)];
  const pixels = chunks.findIndex(({ type }) => type === 'IDAT');
  const exif = chunks.findIndex(({ type }, i) => type === 'eXIf' && i > pixels);
  if (pixels < 0 || exif < 0) return bytes;
  const moved = chunks.filter((_, i) => i !== exif).toSpliced(pixels, 0, chunks[exif]!);
  return Buffer.concat([bytes.subarray(0, 8), ...moved.map(({ whole }) => whole)]);
}

const PALETTE = 3;

export interface StoredPalette {
  /** The same PNG with entry k as the grey value k, opaque; a pixel beyond the palette keeps its number, too. */
  readonly numbered: Uint8Array;
  /** Red, green and blue of each entry. */
  readonly colours: Uint8Array;
  readonly alphas: Uint8Array | undefined;
  /** Whether pixels may name entries that it has not. */
  readonly isShort: boolean;
}

/** Undefined for anything but a PNG with a palette. */
export function storedPalette(bytes: Uint8Array): StoredPalette | undefined {
  if (bytes.length < 33 || !hasText(bytes, 0, '\x89PNG') || !hasText(bytes, 12, 'IHDR') || bytes[25] !== PALETTE)
    return undefined;
  const most = 2 ** bytes[24]!;
  const numbers = pngChunk(
    'PLTE',
    Uint8Array.from({ length: 3 * most }, (_, i) => Math.floor(i / 3)),
  );
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  let colours: Uint8Array | undefined;
  let alphas: Uint8Array | undefined;
  for (const { type, data, whole } of pngChunks(bytes)) {
    if (type === 'PLTE') {
      colours = data;
      kept.push(numbers);
    } else if (type === 'tRNS') alphas = data;
    else kept.push(whole);
  }
  if (!colours) return undefined;
  return { numbered: Buffer.concat(kept), colours, alphas, isShort: colours.length < 3 * most };
}

/** Throws IMAGE_CORRUPT where a pixel, by the number of its entry, has no colour: decoders show black there and say nothing. */
export function requireEntries(numbers: ArrayLike<number>, entries: number, subject: string): void {
  for (let i = 0; i < numbers.length; i++)
    if (numbers[i]! >= entries)
      throw corruptImage(subject, new RangeError(`a pixel beyond the ${entries} colours of its palette`));
}
