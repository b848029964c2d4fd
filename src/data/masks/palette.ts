/**
 * Palette PNGs as they are stored: the number of each pixel's entry. Decoders give the entry's colour alone, and two entries of
 * one colour (a palette that was filled up with black) could not be told apart.
 */
import { pngChunk } from '../image/png.ts';

interface Entry {
  /** Red, green, blue. */
  readonly colour: Colour;
  /** The largest of the three. */
  readonly brightness: number;
  readonly alpha: number;
}

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

export const sameColour = (a: Colour, b: Colour): boolean => a.every((value, i) => value === b[i]);

export interface PalettePng {
  /** The same PNG with entry k as the grey value k, opaque. */
  readonly numbered: Uint8Array;
  /** How strongly each entry marks, 0 for background; see `rule.ts`. */
  readonly strengths: Uint8Array;
}

const PALETTE = 3;

/**
 * Where the background's colour is stated, entries of it and transparent ones are background. Else the first black entry, or the
 * first of all, and transparent entries; a black entry further on is not.
 */
function strengthsOf(entries: readonly Entry[], stated: Colour | undefined): Uint8Array {
  const transparent = ({ alpha }: Entry): boolean => alpha === 0;
  const black = entries.findIndex((entry) => entry.brightness === 0 && !transparent(entry));
  const background = black >= 0 ? black : entries.some(transparent) ? -1 : 0;
  const isBackground = (entry: Entry, i: number): boolean =>
    stated ? sameColour(entry.colour, stated) : i === background;
  // colours number classes, and no class is fainter than another; a ramp of greys may be a soft edge
  const coloured = entries.some(({ colour: [red, green, blue] }) => red !== green || green !== blue);
  return Uint8Array.from(entries, (entry, i) =>
    isBackground(entry, i) || transparent(entry) ? 0 : coloured ? 255 : Math.max(1, entry.brightness),
  );
}

/** Undefined for anything but a PNG with a palette; `background` is its colour, where it is known. */
export function palettePng(bytes: Uint8Array, background?: Colour): PalettePng | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 33 || buffer.toString('latin1', 12, 16) !== 'IHDR' || buffer[25] !== PALETTE) return undefined;
  const kept: Uint8Array[] = [buffer.subarray(0, 8)];
  let colours: Buffer | undefined;
  let alphas: Buffer | undefined;
  for (let at = 8; at + 12 <= buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    const type = buffer.toString('latin1', at + 4, at + 8);
    const data = buffer.subarray(at + 8, at + 8 + length);
    if (type === 'PLTE') {
      colours = data;
      kept.push(
        pngChunk(
          'PLTE',
          Uint8Array.from(data, (_, i) => Math.floor(i / 3)),
        ),
      );
    } else if (type === 'tRNS') alphas = data;
    else kept.push(buffer.subarray(at, at + 12 + length));
    at += 12 + length;
  }
  if (!colours) return undefined;
  const entries = Array.from({ length: Math.floor(colours.length / 3) }, (_, i): Entry => {
    const [red = 0, green = 0, blue = 0] = colours.subarray(i * 3, i * 3 + 3);
    return { colour: [red, green, blue], brightness: Math.max(red, green, blue), alpha: alphas?.[i] ?? 255 };
  });
  return { numbered: Buffer.concat(kept), strengths: strengthsOf(entries, background) };
}
