/**
 * Palette PNGs as they are stored: the number of each pixel's entry. Decoders give the entry's colour alone, and two entries of
 * one colour (a palette that was filled up with black) could not be told apart.
 */
import { storedPalette } from '../image/readers/png-unseen.ts';

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
  const palette = storedPalette(bytes);
  if (!palette) return undefined;
  const { numbered, colours, alphas } = palette;
  const entries = Array.from({ length: Math.floor(colours.length / 3) }, (_, i): Entry => {
    const [red = 0, green = 0, blue = 0] = colours.subarray(i * 3, i * 3 + 3);
    return { colour: [red, green, blue], brightness: Math.max(red, green, blue), alpha: alphas?.[i] ?? 255 };
  });
  return { numbered, strengths: strengthsOf(entries, background) };
}
