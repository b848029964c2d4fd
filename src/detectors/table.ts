/**
 * The one table of detectors. A new one is a folder like `flow/` and a row here: command line, bundles, station, page and library have it from the
 * row. What learns is loaded when something learns, so that an inspection starts without it.
 */
import {
  type Given,
  type OptionRow,
  type OptionRows,
  type PageField,
  type PresetName,
  settle,
} from '../core/options.ts';
import type { Detector, TrainedDetector } from './detector.ts';
import { flow } from './flow/detector.ts';
import { fusion } from './fusion/detector.ts';
import type { Budget, Learner } from './learning.ts';
import { unet } from './unet/detector.ts';

/** In the order of every list. */
export const trainedDetectors = { flow, unet } as const;
const rows = { ...trainedDetectors, fusion } as const;

export type DetectorName = keyof typeof rows;
export type TrainedName = keyof typeof trainedDetectors;

export const detectors: Readonly<Record<DetectorName, Detector>> = rows;

export const detectorNames = Object.keys(rows) as DetectorName[];
export const trainedNames = Object.keys(trainedDetectors) as TrainedName[];

/** As it stands in a sentence; the name itself of a detector that this felfri does not know. */
export const titleOf = (name: string): string =>
  Object.hasOwn(detectors, name) ? detectors[name as DetectorName].title : name;

type Row<N extends TrainedName> = (typeof trainedDetectors)[N];
type LearnerOf<N extends TrainedName> = Awaited<ReturnType<Row<N>['learner']>>;

/** What is asked of a detector by its options. */
export type OptionsOf<N extends TrainedName> = Given<Row<N>['options']>;
/** What a training of it takes. */
export type SettingsOf<N extends TrainedName> =
  LearnerOf<N> extends Learner<infer _, infer Settings> ? Settings & Budget : never;

/** One detector's learner, by its name; the table says that it belongs to it. */
export const learnerOf = async <N extends TrainedName>(name: N) =>
  (await trainedDetectors[name].learner()) as unknown as Learner<OptionRows, SettingsOf<N>>;

/** What a training takes, by the options and the preset. Throws OPTION_INVALID, and what opening a backbone throws. */
export async function settingsOf<N extends TrainedName>(
  name: N,
  given: OptionsOf<N>,
  preset: PresetName,
): Promise<SettingsOf<N>> {
  const row: TrainedDetector = trainedDetectors[name];
  const settled = settle<OptionRows>(row.options, given, row.presetFor(given, preset));
  return (await learnerOf(name)).settings(settled, given, preset);
}

export type PageRow = OptionRow & { readonly page: PageField };

/** The options of a detector that have a field on the page, in their order. */
export const pageRows = (name: TrainedName): [string, PageRow][] =>
  Object.entries<OptionRow>(trainedDetectors[name].options).flatMap(([key, row]) =>
    row.page ? [[key, { ...row, page: row.page }]] : [],
  );
