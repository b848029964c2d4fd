/** Options that say how pixel values of images with more than 8 bits, or of many bands, are taken. */
import { type Command, InvalidArgumentError } from 'commander';
import type { FelfriError } from '../core/errors.ts';
import { parseBands, parseRange } from '../data/image/pixel-texts.ts';
import type { ValueRange } from '../data/image/value-range.ts';
import type { AskedIntake } from '../jobs/train/measure-intake.ts';

export interface PixelOptions {
  readonly range?: ValueRange | 'window';
  readonly bands?: number[] | 'mean';
}

/** A reader of a text; what is none is refused before anything is done. */
const read =
  <T>(parse: (text: string) => T): ((text: string) => T) =>
  (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as FelfriError).message);
    }
  };

export function withPixelOptions(command: Command): Command {
  return command
    .option(
      '--range <low..high>',
      'values of black and white in images of more than 8 bits, such as 0..4095; or window, that of DICOM files (default: as the files state, else measured on good parts)',
      read(parseRange),
    )
    .option(
      '--bands <numbers>',
      'bands of the files that are seen, one or three, such as 2 or 4,2,1; or mean, the grey mean of all',
      read(parseBands),
    );
}

export const askedIntake = ({ range, bands }: PixelOptions): AskedIntake => ({
  ...(range && { range }),
  ...(bands && { bands }),
});
