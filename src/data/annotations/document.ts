/** Annotation files as data: read, bounded, and looked into without trust. Every refusal names the file and the place in it. */
import { stat } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';
import { readTextFile } from '../text-file.ts';
import type { Points } from './raster/bitmap.ts';

/** A string cannot be much longer in JavaScript. */
const mostBytes = 500_000_000;
/** Farther out no image reaches, and outlines that long take for ever to walk. */
const farthest = 1_000_000;
/** Steps along all outlines of one shape, in pixels. */
const longestOutline = 20_000_000;

export function invalid(file: string, message: string, cause?: unknown): FelfriError {
  return new FelfriError('ANNOTATION_INVALID', `${file}: ${message}`, { subject: file, cause });
}

/** The text of a file. Throws ANNOTATION_INVALID when it cannot be read or is too large. */
export async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes)
      throw invalid(path, `${size} bytes; legal are ${mostBytes}: split it into files of fewer images`);
    return await readTextFile(path);
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw invalid(path, `cannot be read (${(cause as NodeJS.ErrnoException).code}); check its permissions`, cause);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as it may stand in a message. */
export const shown = (value: unknown): string => {
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' && value ? 'an object' : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
};

/** Where in a file something stands, for messages. */
export interface Place {
  readonly file: string;
  readonly what: string;
}

export const invalidAt = ({ file, what }: Place, message: string): FelfriError =>
  invalid(file, `${what}: ${message}; correct it in the tool that wrote it, and export again`);

/** A finite number, also from text. */
export function numberAt(place: Place, name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw invalidAt(place, `${name} is ${shown(value)}; legal is a number`);
  if (Math.abs(number) > farthest) throw invalidAt(place, `${name} is ${number}; legal is up to ${farthest}`);
  return number;
}

/** A whole number from `least` on. */
export function wholeAt(place: Place, name: string, value: unknown, least = 0): number {
  const number = numberAt(place, name, value);
  if (!Number.isInteger(number) || number < least)
    throw invalidAt(place, `${name} is ${shown(value)}; legal is a whole number from ${least}`);
  return number;
}

export function textAt(place: Place, name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw invalidAt(place, `${name} is ${shown(value)}; legal is a name`);
}

export function listAt(place: Place, name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalidAt(place, `${name} is ${shown(value)}; legal is a list`);
}

/** Length of a closed outline, in steps of pixels. */
function outlineLength(points: Points): number {
  let sum = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    sum += Math.max(Math.abs(points[i]! - points[j]!), Math.abs(points[i + 1]! - points[j + 1]!));
  }
  return sum;
}

/** Points as x, y, x, y, ...; at least `least` of them, at most `most`. */
export function pointsAt(
  place: Place,
  flat: readonly unknown[],
  least: number,
  most = Number.POSITIVE_INFINITY,
): Points {
  const count = flat.length / 2;
  if (!Number.isInteger(count) || count < least || count > most) {
    const legal =
      most === Number.POSITIVE_INFINITY ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
    throw invalidAt(place, `${count} points; legal are ${legal}`);
  }
  const points = flat.map((value) => numberAt(place, 'a coordinate', value));
  if (outlineLength(points) > longestOutline)
    throw invalidAt(place, `an outline of more than ${longestOutline} pixels`);
  return points;
}

/** Points given as [[x, y], [x, y], ...]. */
export function pairsAt(place: Place, value: unknown, least: number, most?: number): Points {
  const pairs = listAt(place, 'points', value);
  const flat = pairs.flatMap((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw invalidAt(place, `a point is ${shown(pair)}; legal is [x, y]`);
    return pair as unknown[];
  });
  return pointsAt(place, flat, least, most);
}
