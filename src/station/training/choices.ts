/** What a training can be given on this machine: the rows of threshold rules and of backbones, as the page lists them. */
import { isHere, namedBackbones } from '../../detectors/backbones/table.ts';
import { defaultRulesText } from '../../judge/rules/default.ts';
import { rules } from '../../judge/rules/table.ts';
import { formOf, numbersOf, ruleKinds } from '../../judge/rules/text.ts';
import type { TrainingChoices } from '../contract/training.ts';

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
    backbones: namedBackbones.map((one) => ({
      name: one.name,
      meaning: one.meaning,
      encoder: one.encoder,
      here: isHere(one),
    })),
  };
}
