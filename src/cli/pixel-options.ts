/** Options that say how pixel values of images with more than 8 bits, or of many bands, are taken. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ValueRange } from '../data/image/value-range.ts';
import type { AskedIntake } from '../jobs/measure-intake.ts';

export interface PixelOptions {
  readonly range?: ValueRange | 'window';
  readonly bands?: number[] | 'mean';
}

const number = '-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?';
const rangeText = new RegExp(`^(${number})\\.\\.(${number})$`, 'i');

function rangeOf(text: string): ValueRange | 'window' {
  if (text === 'window') return text;
  const [, low, high] = (rangeText.exec(text.trim()) ?? []).map(Number);
  if (low === undefined || high === undefined || !(high > low) || !Number.isFinite(high - low)) {
    throw new InvalidArgumentError('Give two numbers, black and white, such as 0..4095, or window.');
  }
  return { low, high };
}

function bandsOf(text: string): number[] | 'mean' {
  if (text === 'mean') return text;
  const bands = text.split(',').map(Number);
  const legal =
    (bands.length === 1 || bands.length === 3) && bands.every((band) => Number.isInteger(band) && band >= 1);
  if (!legal) throw new InvalidArgumentError('Give one or three bands, counted from 1, such as 2 or 1,2,3, or mean.');
  return bands;
}

export function withPixelOptions(command: Command): Command {
  return command
    .option(
      '--range <low..high>',
      'values of black and white in images of more than 8 bits, such as 0..4095; or window, that of DICOM files (default: as the files state, else measured on good parts)',
      rangeOf,
    )
    .option(
      '--bands <numbers>',
      'bands of the files that are seen, one or three, such as 2 or 4,2,1; or mean, the grey mean of all',
      bandsOf,
    );
}

export const askedIntake = ({ range, bands }: PixelOptions): AskedIntake => ({
  ...(range && { range }),
  ...(bands && { bands }),
});
