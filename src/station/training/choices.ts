/** What a training can be given on this machine: the rows of threshold rules, of detectors with their options, and of backbones, as the page lists them. */
import { isHere, namedBackbones } from '../../detectors/backbones/table.ts';
import { detectors, pageRows, trainedDetectors, trainedNames } from '../../detectors/table.ts';
import { defaultRulesText } from '../../judge/rules/default.ts';
import { rules } from '../../judge/rules/table.ts';
import { formOf, numbersOf, ruleKinds } from '../../judge/rules/text.ts';
import type { TrainingChoices } from '../contract/training.ts';
import { backbonesFor } from './training-arguments.ts';

type Setting = TrainingChoices['detectors'][number]['settings'][number];

function settingOf([name, { page }]: ReturnType<typeof pageRows>[number]): Setting {
  const { label, empty, range, meanings, backbones } = page;
  return {
    name,
    label,
    empty,
    kind: backbones ? 'backbone' : meanings ? 'word' : 'number',
    least: range?.least ?? null,
    most: range?.most ?? null,
    step: range?.step ?? null,
    words: backbones
      ? backbonesFor(backbones).map(({ name: word, meaning }) => ({ word, meaning }))
      : Object.entries(meanings ?? {}).map(([word, meaning]) => ({ word, meaning })),
  };
}

export function trainingChoices(): TrainingChoices {
  return {
    rules: ruleKinds.map((kind) => ({
      kind,
      form: formOf(kind),
      meaning: rules[kind].meaning,
      numbers: numbersOf(kind).map(([, { before, label, example, least, most, optional }]) => ({
        before,
        label,
        example,
        least,
        most: Number.isFinite(most) ? most : null,
        optional,
      })),
    })),
    defaultRule: defaultRulesText,
    detectors: trainedNames.map((name) => ({
      name,
      title: detectors[name].title,
      meaning: detectors[name].meaning,
      needsMasks: trainedDetectors[name].needsMasks,
      settings: pageRows(name).map(settingOf),
    })),
    backbones: namedBackbones.map((one) => ({
      name: one.name,
      meaning: one.meaning,
      encoder: one.encoder,
      here: isHere(one),
    })),
  };
}
