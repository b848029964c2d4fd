/**
 * An option as a row: how it is written, what is legal, what it is where nobody says so. Command line, station, page and library read the
 * same row, so that a new option is one row and the line that uses it.
 */
import { FelfriError } from './errors.ts';

/** What the values of an option are. */
export interface Kind<T> {
  /** Such as 'Give a whole number of at least 1.' */
  readonly legal: string;
  /** The value that a text, or a value of a program, stands for; undefined where it stands for none. */
  readonly read: (given: unknown) => T | undefined;
  /** All values, where these are words. */
  readonly words?: readonly T[];
}

function numberOf(given: unknown): number {
  if (typeof given === 'number') return given;
  return typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
}

const numbers = (legal: string, isLegal: (value: number) => boolean): Kind<number> => ({
  legal,
  read: (given) => {
    const value = numberOf(given);
    return Number.isFinite(value) && isLegal(value) ? value : undefined;
  },
});

/** Whole numbers of at least `least`. */
export const wholeFrom = (least: number): Kind<number> =>
  numbers(`Give a whole number of at least ${least}.`, (value) => Number.isInteger(value) && value >= least);

/** Pixels along a side that must be a multiple of some. */
export const multipleOf = (unit: number): Kind<number> =>
  numbers(
    `Give a multiple of ${unit} pixels, at least ${unit}.`,
    (value) => Number.isInteger(value) && value >= unit && value % unit === 0,
  );

/** Numbers above zero. */
export const aboveZero = numbers('Give a number above 0.', (value) => value > 0);

/** Numbers from zero. */
export const fromZero = numbers('Give a number from 0.', (value) => value >= 0);

/** Numbers from zero, or all. */
export const fromZeroOrAll: Kind<number | 'all'> = {
  legal: 'Give a number from 0, or all.',
  read: (given) => (given === 'all' ? given : fromZero.read(given)),
};

/** One of some words. */
export const oneOf = <const T extends string>(...words: readonly T[]): Kind<T> => ({
  legal: `Legal are ${words.join(', ')}.`,
  read: (given) => words.find((word) => word === given),
  words,
});

/** Some of some words, in their order: separated by commas, or an array; `none` is none of them. */
export const someOf = <const T extends string>(...words: readonly T[]): Kind<readonly T[]> => ({
  legal: `Give ${words.join()}, one of them, or none.`,
  read: (given) => {
    const names: unknown = given === 'none' ? [] : typeof given === 'string' ? given.split(',') : given;
    if (!Array.isArray(names) || !names.every((name) => words.includes(name as T))) return undefined;
    return words.filter((word) => names.includes(word));
  },
});

/** Any text but an empty one. */
export const text: Kind<string> = {
  legal: 'Give a text.',
  read: (given) => (typeof given === 'string' && given !== '' ? given : undefined),
};

/** Texts that are separated by commas, or an array of them. */
export const texts: Kind<readonly string[]> = {
  legal: 'Give texts, separated by commas.',
  read: (given) => {
    const parts: unknown = typeof given === 'string' ? given.split(',') : given;
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string' && part !== '') ? parts : undefined;
  },
};

/** `paper`: as published. `line`: small enough to train on an office computer in minutes, and the default. */
export const presetNames = ['line', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** The value by each preset; `lineOnBackbone` is a U-Net's by `line` on a backbone, where it is another. */
export interface Presets<T> extends Readonly<Record<PresetName, T>> {
  readonly lineOnBackbone?: T;
}

/** How the page asks for it. Numbers have a range there, which is narrower than what is legal. */
export interface PageField {
  readonly label: string;
  /** What the field shows where nothing is chosen. */
  readonly empty: string;
  readonly range?: { readonly least: number; readonly most: number; readonly step?: number };
  /** What each word means, where the values are words. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** Chosen from the table of backbones: of all, or of those that a U-Net can begin with. */
  readonly backbones?: 'all' | 'encoders';
}

export interface OptionRow<T = unknown> {
  readonly kind: Kind<T>;
  /** As the help writes the value, such as '<n>'; left out for what programs alone are asked. */
  readonly form?: string;
  readonly help: string;
  /** Without its dashes, where it is not the row's name. */
  readonly flag?: string;
  /** Of an option that can also be refused by --no-flag: what that means. Its value is false then. */
  readonly negated?: string;
  readonly preset?: Presets<T>;
  /** Left out where the page does not ask for it. */
  readonly page?: PageField;
}

export type OptionRows = Readonly<Record<string, OptionRow>>;

type Checked<Row> = Row extends { readonly kind: Kind<infer T> } ? OptionRow<T> : OptionRow;

/** Rows whose presets are values of their kinds. */
export const optionRows = <const R extends OptionRows>(rows: { [K in keyof R]: R[K] & Checked<R[K]> }): R => rows;

type ValueOf<Row> = Row extends { readonly kind: Kind<infer T> }
  ? T | (Row extends { readonly negated: string } ? false : never)
  : never;

type PresetKeys<R> = { [K in keyof R]: R[K] extends { readonly preset: object } ? K : never }[keyof R];

/** What is said of the options; what is left out, the preset says. */
export type Given<R> = { readonly [K in keyof R]?: ValueOf<R[K]> | undefined };

/** All that is settled: given, or by the preset. */
export type Settled<R> = { readonly [K in PresetKeys<R>]: ValueOf<R[K]> } & {
  readonly [K in Exclude<keyof R, PresetKeys<R>>]?: ValueOf<R[K]>;
};

/** --feature-tile of featureTile. */
export const flagOf = (name: string, { flag }: OptionRow): string =>
  flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The value that is given to an option. Throws OPTION_INVALID that says what is legal. */
export function readOption(name: string, { kind, negated }: OptionRow, given: unknown): unknown {
  if (negated !== undefined && given === false) return false;
  const value = kind.read(given);
  if (value !== undefined) return value;
  throw new FelfriError('OPTION_INVALID', `${name}: got ${JSON.stringify(given)}. ${kind.legal}`, { subject: name });
}

/** What is given, and of the rest what the preset says. Throws OPTION_INVALID for an illegal value, and for a name that is no option. */
export function settle<R extends OptionRows>(rows: R, given: Given<R>, preset: keyof Presets<unknown>): Settled<R> {
  for (const name of Object.keys(given)) {
    if (rows[name] !== undefined) continue;
    const legal = Object.keys(rows).join(', ');
    throw new FelfriError('OPTION_INVALID', `there is no option ${name}; legal are ${legal}`, { subject: name });
  }
  const settled = Object.entries(rows).flatMap(([name, row]) => {
    const own = given[name];
    if (own !== undefined) return [[name, readOption(name, row, own)]];
    return row.preset ? [[name, row.preset[preset] ?? row.preset.line]] : [];
  });
  return Object.fromEntries(settled) as Settled<R>;
}

/** The rows but for those of some names. */
export const without = <R extends OptionRows, O extends OptionRows>(rows: R, others: O): Omit<R, keyof O> =>
  Object.fromEntries(Object.entries(rows).filter(([name]) => !(name in others))) as Omit<R, keyof O>;
