/** What holds for every row of the table of detectors, and for every option of each. */
import { describe, expect, it } from 'vitest';
import { flagOf, type OptionRow, readOption, settle } from '../core/options.ts';
import type { Split } from '../data/split.ts';
import { learnerOf, type OptionsOf, settingsOf, type TrainedName, trainedDetectors, trainedNames } from './table.ts';

const rowsOf = (name: (typeof trainedNames)[number]): [string, OptionRow][] =>
  Object.entries<OptionRow>(trainedDetectors[name].options);

describe.each(trainedNames)('the options of %s', (name) => {
  it('have presets and page fields that are legal themselves, and flags of their own', () => {
    for (const [option, row] of rowsOf(name)) {
      const { least, most } = row.page?.range ?? {};
      const words = Object.keys(row.page?.meanings ?? {});
      for (const value of [...Object.values(row.preset ?? {}), ...words, least, most]) {
        if (value !== undefined) expect(() => readOption(option, row, value)).not.toThrow();
      }
      // a number has a range on the page, a word its meanings, a backbone the table
      if (row.page) {
        const { range, meanings, backbones } = row.page;
        expect(
          [range, meanings, backbones].filter((one) => one !== undefined),
          option,
        ).toHaveLength(1);
      }
    }
    const flags = rowsOf(name).flatMap(([option, row]) => (row.form === undefined ? [] : [flagOf(option, row)]));
    expect(new Set(flags).size).toBe(flags.length);
  });

  it('refuses an illegal value and an unknown name with what is legal', () => {
    const { options } = trainedDetectors[name];
    expect(() => settle<typeof options>(options, { epochs: -1 }, 'line')).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: 'epochs: got -1. Give a whole number of at least 0.',
      }),
    );
    expect(() => settle<typeof options>(options, { epoch: 3 } as object, 'line')).toThrow(
      /there is no option epoch; legal are epochs, batch/,
    );
  });
});

it('has fields of one range on the page where detectors share the name of an option', () => {
  const seen = new Map<string, unknown>();
  for (const [option, { page }] of trainedNames.flatMap(rowsOf)) {
    if (!page) continue;
    const { range, meanings } = page;
    expect({ range, meanings }, option).toEqual(seen.get(option) ?? { range, meanings });
    seen.set(option, { range, meanings });
  }
});

/** Another value than the preset's for each option; null where it takes weights that are not at hand, or where the numbers do not depend on it. */
const others: { readonly [N in keyof typeof trainedDetectors]: Record<keyof OptionsOf<N>, unknown> } = {
  flow: {
    epochs: 5,
    batch: 4,
    learningRate: 1e-2,
    size: 128,
    fit: 'letterbox',
    backbone: 'scattering',
    weights: null,
    padding: null,
    outputs: null,
    start: 'whitened',
    directions: 4,
    rest: 'scored',
    views: 'place',
    noise: 0.2,
    depths: null,
    featureTile: 64,
    hidden: 3,
    gamma: 0.3,
    schedule: 'constant',
    score: 'max',
    map: 'finest',
    cache: null,
  },
  unet: {
    epochs: 5,
    batch: 4,
    learningRate: 1e-2,
    size: 128,
    fit: 'stretch',
    backbone: null,
    weights: null,
    padding: null,
    outputs: null,
    encoder: null,
    synthetic: 'only',
    syntheticShare: 0.1,
    base: 3,
    patch: 32,
    exposure: 'raw',
    mostPerImage: 'all',
    dice: 'batch',
    negativesPerPositive: 'all',
    tile: 32,
    overlap: 0.1,
    score: 'max',
    schedule: 'plateau',
    leastSteps: 3,
  },
};

const usual = {
  flow: { size: 64, hidden: 2, directions: 8 },
  unet: { size: 64, base: 2, patch: 16, tile: 16, synthetic: 'add' },
} as const;

/** What a run is recorded with: a run is resumed, and a bundle told from another, by this alone. */
async function recorded<N extends TrainedName>(name: N, given: object): Promise<string> {
  const settings = await settingsOf(name, { ...usual[name], ...given } as OptionsOf<N>, 'line');
  const split: Split = { name: '', protocol: 'honest', train: [], calibration: [], test: [], notes: [] };
  const request = { ...settings, split, seed: 0 };
  const { settings: stated, release } = await (await learnerOf(name)).plan(request, {
    images: [],
    intake: undefined,
    regions: undefined,
  });
  await release?.();
  const { batch, learningRate } = settings;
  return JSON.stringify({ stated, batch, learningRate });
}

it.each(trainedNames)(
  'records every option of %s that the numbers depend on',
  async (name) => {
    const before = await recorded(name, {});
    for (const [option, other] of Object.entries(others[name])) {
      if (other !== null) expect(await recorded(name, { [option]: other }), option).not.toBe(before);
    }
  },
  30_000,
);
