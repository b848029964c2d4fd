/** Texts that say how pixel values are taken, as the command line and the station are given them. */
import { FelfriError } from '../../core/errors.ts';
import type { ValueRange } from './value-range.ts';

const number = '-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?';
const rangeText = new RegExp(`^(${number})\\.\\.(${number})$`, 'i');

const illegal = (subject: string, got: string, legal: string): FelfriError =>
  new FelfriError('OPTION_INVALID', `${subject}: got '${got}'; legal is ${legal}`, { subject });

/** Black and white, or that of the files' own window. Throws OPTION_INVALID. */
export function parseRange(text: string): ValueRange | 'window' {
  if (text === 'window') return text;
  const [, low, high] = (rangeText.exec(text.trim()) ?? []).map(Number);
  if (low === undefined || high === undefined || !(high > low) || !Number.isFinite(high - low))
    throw illegal('range', text, 'two numbers, black and white, such as 0..4095, or window');
  return { low, high };
}

/** One band or three, counted from 1, or the grey mean of all. Throws OPTION_INVALID. */
export function parseBands(text: string): number[] | 'mean' {
  if (text === 'mean') return text;
  const bands = text.split(',').map(Number);
  const isLegal =
    (bands.length === 1 || bands.length === 3) && bands.every((band) => Number.isInteger(band) && band >= 1);
  if (!isLegal) throw illegal('bands', text, 'one or three bands, counted from 1, such as 2 or 1,2,3, or mean');
  return bands;
}
