/** Training runs that the page starts: `felfri train` on a version of a data set, one at a time, beside the inspections. */
import { literals, type Static, Type } from '../../core/schema.ts';
import { trainedNames } from '../../detectors/table.ts';
import { By, ErrorBody, Identifier, line, NullableNumber, NullableString, Time } from './common.ts';
import { RecipeFigures } from './recipes.ts';
import { TrainingSettings } from './training-settings.ts';

/** POST /api/trainings -> 201 with a Training: on the data set's present version, which it keeps. */
export const NewTraining = Type.Object(
  {
    name: line(60),
    dataSet: Identifier,
    settings: TrainingSettings,
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type NewTraining = Static<typeof NewTraining>;

/** GET /api/trainings/choices: what can be chosen on this machine, in the order of a list. */
export const TrainingChoices = Type.Object({
  rules: Type.Array(
    Type.Object({
      /** The text of a rule is this, then each number after its `before`. */
      kind: Type.String(),
      /** Such as 'recall=R'. */
      form: Type.String(),
      meaning: Type.String(),
      numbers: Type.Array(
        Type.Object({
          before: Type.String(),
          label: Type.String(),
          example: Type.Number(),
          least: Type.Number(),
          /** Null where there is no most. */
          most: NullableNumber,
          /** May be left out, with its `before`. */
          optional: Type.Boolean(),
        }),
      ),
    }),
  ),
  /** What holds where no rule is given. */
  defaultRule: Type.String(),
  detectors: Type.Array(
    Type.Object({
      name: literals(trainedNames),
      /** As it stands in a sentence, such as 'U-Net'. */
      title: Type.String(),
      meaning: Type.String(),
      /** Whether it learns from masks; a U-Net that learns synthetic defects alone needs none. */
      needsMasks: Type.Boolean(),
      /** The settings of NewTraining that are its own. */
      settings: Type.Array(
        Type.Object({
          name: Type.String(),
          label: Type.String(),
          /** What it is where it is left out. */
          empty: Type.String(),
          /** A number, one of some words, or the name of one of the backbones. */
          kind: Type.Union([Type.Literal('number'), Type.Literal('word'), Type.Literal('backbone')]),
          /** Of a number. */
          least: NullableNumber,
          most: NullableNumber,
          step: NullableNumber,
          /** Legal words; of a backbone the names of those that it takes. */
          words: Type.Array(Type.Object({ word: Type.String(), meaning: Type.String() })),
        }),
      ),
    }),
  ),
  backbones: Type.Array(
    Type.Object({
      name: Type.String(),
      meaning: Type.String(),
      /** Whether a U-Net can take it as its fixed encoder; a flow can take every one. */
      encoder: Type.Boolean(),
      /** Whether its weights are on this machine; one that is not is refused with BACKBONE_MISSING. */
      here: Type.Boolean(),
    }),
  ),
});
export type TrainingChoices = Static<typeof TrainingChoices>;

/**
 * stopping: asked to, and saving what it has; stopped by a person; interrupted: the station ended meanwhile. Those two, and failed ones, can be
 * resumed where their last checkpoint is.
 */
export const TrainingState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('stopping'),
  Type.Literal('stopped'),
  Type.Literal('interrupted'),
  Type.Literal('failed'),
  Type.Literal('finished'),
]);
export type TrainingState = Static<typeof TrainingState>;

export const TrainingProgress = Type.Object({
  /** Such as 'Computing features'. */
  phase: Type.String(),
  done: Type.Integer(),
  /** 0: not known. */
  total: Type.Integer(),
  /** At the present pace, of this phase. */
  secondsLeft: NullableNumber,
  /** From 1, and how many; null outside training proper. */
  epoch: NullableNumber,
  epochs: NullableNumber,
});
export type TrainingProgress = Static<typeof TrainingProgress>;

export const TrainingResult = Type.Object({
  /** What the threshold promises, for which parts, and what it does not. */
  threshold: Type.Union([
    Type.Object({ value: Type.Number(), rule: Type.String(), statement: Type.String(), chosenOn: Type.String() }),
    Type.Null(),
  ]),
  /** On test images that had no say; null where they are of one kind only. */
  figures: Type.Union([RecipeFigures, Type.Null()]),
  split: Type.String(),
  images: Type.Object({ train: Type.Integer(), calibration: Type.Integer(), test: Type.Integer() }),
  seconds: NullableNumber,
});
export type TrainingResult = Static<typeof TrainingResult>;

export const Training = Type.Object({
  id: Type.String(),
  name: Type.String(),
  dataSet: Type.Object({ id: Type.String(), name: Type.String(), version: Type.Integer(), hash: Type.String() }),
  settings: TrainingSettings,
  state: TrainingState,
  /** Null unless it runs. */
  progress: Type.Union([TrainingProgress, Type.Null()]),
  /** Why it failed. */
  error: Type.Union([ErrorBody, Type.Null()]),
  /** Images that were left out, and warnings, of this sitting. */
  notes: Type.Array(Type.String()),
  createdAt: Time,
  startedAt: Type.Union([Time, Type.Null()]),
  endedAt: Type.Union([Time, Type.Null()]),
  result: Type.Union([TrainingResult, Type.Null()]),
  /** Id of the recipe that was made of it. */
  recipe: NullableString,
});
export type Training = Static<typeof Training>;

/** GET /api/trainings, newest first. */
export const TrainingList = Type.Object({ trainings: Type.Array(Training) });
export type TrainingList = Static<typeof TrainingList>;

/** GET /api/trainings/{id}/curve: at most some hundred points, by steps done. */
export const TrainingCurve = Type.Object({
  /** Mean training loss around that step. */
  losses: Type.Array(Type.Object({ step: Type.Integer(), loss: Type.Number() })),
  /** After each epoch; AUROC on calibration images, where there are defective ones. */
  epochs: Type.Array(
    Type.Object({ epoch: Type.Integer(), step: Type.Integer(), loss: Type.Number(), auroc: NullableNumber }),
  ),
});
export type TrainingCurve = Static<typeof TrainingCurve>;

/** POST /api/trainings/{id}/cancel and .../resume -> Training; the body may be left out. 409 CONFLICT where its state does not allow it. */
export const TrainingRequest = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });
export type TrainingRequest = Static<typeof TrainingRequest>;

/** POST /api/trainings/{id}/recipe -> 201 with a Recipe that judges nothing until it is activated. GET .../report: what was found, as HTML. */
export const RecipeRequest = Type.Object({ name: line(100), by: Type.Optional(By) }, { additionalProperties: false });
export type RecipeRequest = Static<typeof RecipeRequest>;
