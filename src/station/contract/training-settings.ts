/** What the page may say of a training: what every training is asked, and those rows of its detector's options that have a field on the page. */
import { literals, type Static, type TSchema, Type } from '../../core/schema.ts';
import { Regions } from '../../data/regions/schema.ts';
import {
  type PageRow,
  pageRows,
  type TrainedName,
  type trainedDetectors,
  trainedNames,
} from '../../detectors/table.ts';
import { legalRules } from '../../judge/rules/text.ts';

type Rows<N extends TrainedName> = (typeof trainedDetectors)[N]['options'];
type PageKey<N extends TrainedName> = {
  [K in keyof Rows<N>]: Rows<N>[K] extends { readonly page: object } ? K : never;
}[keyof Rows<N>];
type FieldValue<Row> = Row extends { readonly page: { readonly range: object } }
  ? number
  : Row extends { readonly page: { readonly meanings: Readonly<Record<infer Word, string>> } }
    ? Word
    : string;

/** The settings of one detector that have a field on the page. */
type PageSettings<N extends TrainedName> = { [K in PageKey<N>]?: FieldValue<Rows<N>[K]> };
type Both<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void ? All : never;

function shapeOf({ page: { label, range, meanings } }: PageRow): TSchema {
  if (meanings) return literals(Object.keys(meanings));
  if (!range) return Type.String({ maxLength: 60, description: label });
  const { least, most, step } = range;
  return Type.Integer({ minimum: least, maximum: most, ...(step !== undefined && { multipleOf: step }) });
}

const shapes = Object.fromEntries(
  trainedNames.flatMap(pageRows).map(([name, row]) => [name, Type.Optional(shapeOf(row))]),
);

const common = {
  detector: literals(trainedNames),
  maxMinutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
  /** How the threshold is chosen, as `felfri train --rule` takes it; another is refused with OPTION_INVALID. */
  rule: Type.Optional(Type.String({ maxLength: 100, description: `Legal are ${legalRules()}.` })),
  /** Of images of more than 8 bits: values of black and white, as `felfri train --range` takes them. */
  range: Type.Optional(Type.String({ maxLength: 60, description: 'Such as 0..4095, or window.' })),
  /** Of the files' bands those that are seen, as `felfri train --bands` takes them. */
  bands: Type.Optional(Type.String({ maxLength: 20, description: 'Such as 2, or 4,2,1, or mean.' })),
  /** Where it looks and where not, as `felfri train --regions` takes it; what marks nothing is refused with REGIONS_INVALID. */
  regions: Type.Optional(Regions),
  /** The fold that is tested on; the next one sets the threshold. */
  fold: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  /** Go on where the leak check flags the split; every figure says so. */
  allowLeaks: Type.Optional(Type.Boolean()),
};

const Common = Type.Object(common);

/** What is left out, felfri's own defaults say. */
export type TrainingSettings = Static<typeof Common> & Both<{ [N in TrainedName]: PageSettings<N> }[TrainedName]>;
export const TrainingSettings = Type.Unsafe<TrainingSettings>(
  Type.Object({ ...common, ...shapes }, { additionalProperties: false }),
);
