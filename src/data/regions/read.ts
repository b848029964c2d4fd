/** Regions from a file: JSON, or a mask image whose marked pixels are the region of interest. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { markedPixels } from '../masks/rule.ts';
import { decodeMask } from '../masks/values.ts';
import { checkRegions, regionsInvalid } from './check.ts';
import type { Regions } from './schema.ts';

/** Lengths of the stretches of 0 and 1 in turn, beginning with 0. */
export function runsOf(mask: Uint8Array): number[] {
  const runs = [0];
  let value = 0;
  for (const v of mask) {
    if (v !== value) {
      runs.push(0);
      value = v;
    }
    runs[runs.length - 1]!++;
  }
  return runs;
}

async function maskRegions(bytes: Uint8Array, path: string): Promise<unknown> {
  const file = await decodeMask(bytes, path);
  const { pixels, count } = markedPixels(file);
  if (count === 0)
    throw regionsInvalid(
      path,
      'the mask marks nothing, so nothing would be judged; mark what is to be judged in white',
    );
  const { width, height } = file;
  const shape = { form: 'mask', width, height, runs: runsOf(pixels) };
  return { aspect: width / height, regions: [{ name: basename(path), kind: 'inspect', shape }] };
}

/**
 * Reads regions for pictures of a size. Throws REGIONS_INVALID where the file cannot be read, does not fit, or was drawn on pictures of other
 * proportions; a mask that cannot be read throws an IMAGE_ code.
 */
export async function readRegions(
  path: string,
  picture?: { readonly width: number; readonly height: number },
): Promise<Regions> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw regionsInvalid(path, `it cannot be read (${(cause as Error).message})`, cause);
  });
  const isText = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{');
  if (!isText) return checkRegions(await maskRegions(bytes, path), path, picture);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw regionsInvalid(path, 'it is neither JSON nor a mask image', cause);
  }
  return checkRegions(json, path, picture);
}
