import { expect, it } from 'vitest';
import { type DetectorChoice, settingsGiven } from './training-settings.ts';

const number = { label: '', empty: '', kind: 'number' as const, least: 1, most: 9, step: null, words: [] };
const words = (...all: string[]) => ({
  label: '',
  empty: '',
  least: null,
  most: null,
  step: null,
  words: all.map((word) => ({ word, meaning: '' })),
});
const detector: DetectorChoice = {
  name: 'unet',
  title: 'U-Net',
  meaning: '',
  needsMasks: true,
  settings: [
    { name: 'epochs', ...number },
    { name: 'synthetic', kind: 'word', ...words('add', 'only') },
    { name: 'backbone', kind: 'backbone', ...words('b0', 'b1') },
  ],
};
const choices = {
  backbones: [
    { name: 'b0', meaning: '', encoder: true, here: true },
    { name: 'b1', meaning: '', encoder: true, here: false },
    { name: 'wavelet', meaning: '', encoder: false, here: true },
  ],
};

it('sends what was filled in of the detector, and nothing that it cannot take', () => {
  expect(settingsGiven(detector, { epochs: 3, synthetic: 'only', backbone: 'b0' }, choices)).toEqual({
    epochs: 3,
    synthetic: 'only',
    backbone: 'b0',
  });
  // filled in for a flow, whose backbone and settings are others; and a backbone whose weights are not there
  expect(settingsGiven(detector, { epochs: null, synthetic: '', hidden: 8, backbone: 'wavelet' }, choices)).toEqual({});
  expect(settingsGiven(detector, { backbone: 'b1' }, choices)).toEqual({});
});
