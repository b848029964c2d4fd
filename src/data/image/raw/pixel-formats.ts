/** The pixel formats of raw frames, by their names in GenICam's Pixel Format Naming Convention (PFNC). */
import type { PackingName } from './packings.ts';

/** Colours of a Bayer mosaic's first two pixels; the second line has the other two. */
export type Mosaic = 'RG' | 'GR' | 'GB' | 'BG';

type Depths = '8' | '10' | '12' | '10p' | '12p' | '10Packed' | '12Packed';

export type PixelFormatName = `Mono${Depths | '14' | '16'}` | `Bayer${Mosaic}${Depths}` | 'RGB8' | 'BGR8';

interface Depth {
  readonly bits: 8 | 10 | 12 | 14 | 16;
  readonly packing: PackingName;
}

interface PixelFormat extends Depth {
  readonly colour: 'grey' | 'rgb' | 'bgr' | Mosaic;
}

const depths: Readonly<Record<Depths, Depth>> = {
  '8': { bits: 8, packing: 'bytes' },
  '10': { bits: 10, packing: 'little' },
  '12': { bits: 12, packing: 'little' },
  '10p': { bits: 10, packing: 'lsb' },
  '12p': { bits: 12, packing: 'lsb' },
  '10Packed': { bits: 10, packing: 'gige' },
  '12Packed': { bits: 12, packing: 'gige' },
};

function ofAllDepths<N extends 'Mono' | `Bayer${Mosaic}`>(name: N, colour: PixelFormat['colour']) {
  return Object.fromEntries(
    Object.entries(depths).map(([depth, row]) => [`${name}${depth}`, { ...row, colour }]),
  ) as Record<`${N}${Depths}`, PixelFormat>;
}

export const pixelFormats: Readonly<Record<PixelFormatName, PixelFormat>> = {
  ...ofAllDepths('Mono', 'grey'),
  Mono14: { bits: 14, packing: 'little', colour: 'grey' },
  Mono16: { bits: 16, packing: 'little', colour: 'grey' },
  ...ofAllDepths('BayerRG', 'RG'),
  ...ofAllDepths('BayerGR', 'GR'),
  ...ofAllDepths('BayerGB', 'GB'),
  ...ofAllDepths('BayerBG', 'BG'),
  RGB8: { bits: 8, packing: 'bytes', colour: 'rgb' },
  BGR8: { bits: 8, packing: 'bytes', colour: 'bgr' },
};
