/** What was filled in for a new training, as the settings that are sent. */
import type { NewTraining, TrainingChoices } from '../../api/contract.ts';

export type DetectorChoice = TrainingChoices['detectors'][number];
export type Setting = DetectorChoice['settings'][number];
export type Value = string | number | null | undefined;
/** By the settings' names; what is empty is left to felfri. */
export type Given = Record<string, Value>;

/** Whether a choice can be made now: weights of a backbone may not be on the station's machine. */
export const isHere = ({ kind }: Setting, word: string, { backbones }: Pick<TrainingChoices, 'backbones'>): boolean =>
  kind !== 'backbone' || backbones.some(({ name, here }) => name === word && here);

/** The detector's own settings; what was filled in for another one is left out. */
export function settingsGiven(
  { settings }: DetectorChoice,
  given: Given,
  choices: Pick<TrainingChoices, 'backbones'>,
): Partial<NewTraining['settings']> {
  const sent = settings.flatMap((setting) => {
    const value = given[setting.name];
    if (!value) return [];
    if (setting.kind === 'number') return [[setting.name, value]];
    const legal = setting.words.some(({ word }) => word === value && isHere(setting, word, choices));
    return legal ? [[setting.name, value]] : [];
  });
  return Object.fromEntries(sent);
}
