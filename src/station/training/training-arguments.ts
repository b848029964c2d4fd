/** From the settings that the page asked for to the command line of `felfri train`. */
import { FelfriError } from '../../core/errors.ts';
import { flagOf } from '../../core/options.ts';
import { type NamedBackbone, namedBackbones, requireHere } from '../../detectors/backbones/table.ts';
import { detectors, pageRows, trainedNames } from '../../detectors/table.ts';
import type { NewTraining } from '../contract/training.ts';
import type { Stored } from './training-store.ts';

type Settings = NewTraining['settings'];

const valuesOf = (settings: Settings): Readonly<Record<string, string | number | undefined>> =>
  ({ ...settings, regions: undefined }) as never;

/** The backbones that a detector can take. */
export const backbonesFor = (which: 'all' | 'encoders'): NamedBackbone[] =>
  namedBackbones.filter(({ encoder }) => which === 'all' || encoder);

/** Throws OPTION_INVALID for what the detector has no use for, and BACKBONE_MISSING. */
export function requireOwnSettings(settings: Settings): void {
  const { detector } = settings;
  const own = new Map(pageRows(detector));
  const given = valuesOf(settings);
  for (const other of trainedNames) {
    const foreign = pageRows(other).find(([name]) => given[name] !== undefined && !own.has(name));
    if (!foreign) continue;
    throw new FelfriError(
      'OPTION_INVALID',
      `${foreign[0]} is a setting of a ${detectors[other].title}; a ${detectors[detector].title} has none such, leave it out`,
      { subject: foreign[0] },
    );
  }
  for (const [name, { page }] of own) {
    const value = given[name];
    if (page.backbones === undefined || value === undefined) continue;
    const { name: backbone } = requireHere(String(value));
    const legal = backbonesFor(page.backbones).map((one) => one.name);
    if (legal.includes(backbone)) continue;
    throw new FelfriError(
      'OPTION_INVALID',
      `${backbone} is no backbone of a ${detectors[detector].title}; legal are ${legal.join(', ')}, or none`,
      { subject: name },
    );
  }
}

const option = (flag: string, value: string | number | undefined): string[] =>
  // a value may begin with a hyphen
  value === undefined ? [] : [`--${flag}=${value}`];

/** The options that say what the page asked for; the files are the training's own. */
function settingArguments(settings: Settings): string[] {
  const { detector, maxMinutes, rule, range, bands, fold, seed, allowLeaks } = settings;
  const given = valuesOf(settings);
  return [
    // a training on disk may be of a later felfri's detector, which the command refuses by its name
    ...(trainedNames.includes(detector) ? pageRows(detector) : []).flatMap(([name, row]) =>
      option(flagOf(name, row), given[name]),
    ),
    ...option('max-minutes', maxMinutes),
    ...option('rule', rule),
    ...option('range', range),
    ...option('bands', bands),
    ...option('fold', fold),
    ...option('seed', seed),
    ...(allowLeaks ? ['--allow-leaks'] : []),
  ];
}

export interface TrainingFiles {
  /** Folder of the bundle that is written. */
  readonly bundle: string;
  readonly report: string;
  /** Of the regions, where there are any. */
  readonly regions: string;
}

/** What `felfri` is called with; `threads` are those of the training. */
export function trainArguments(
  { settings, manifest, resume }: Pick<Stored, 'settings' | 'manifest' | 'resume'>,
  { bundle, report, regions }: TrainingFiles,
  threads: number,
): string[] {
  return [
    'train',
    settings.detector,
    manifest,
    ...['--output', bundle, '--report', report, '--json'],
    // a class of defect may be called by a word that means good elsewhere
    ...['--good-classes', 'good'],
    ...['--threads', String(threads)],
    ...settingArguments(settings),
    ...(settings.regions ? ['--regions', regions] : []),
    ...(resume ? ['--resume'] : []),
  ];
}
