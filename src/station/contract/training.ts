/** Training runs that the page starts: `felfri train` on a version of a data set, one at a time, beside the inspections. */
import { type Static, Type } from '../../core/schema.ts';
import { legalRules } from '../../judge/rules/text.ts';
import { By, ErrorBody, Identifier, NullableNumber, NullableString, Time } from './common.ts';
import { RecipeFigures } from './recipes.ts';

/** What is left out, felfri's own defaults say. */
const TrainingSettings = Type.Object(
  {
    detector: Type.Union([Type.Literal('flow'), Type.Literal('unet')]),
    /** One of those that GET /api/trainings/choices lists as here. */
    backbone: Type.Optional(Type.String({ maxLength: 60 })),
    epochs: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** Side of the canvas, pixels. */
    size: Type.Optional(Type.Integer({ minimum: 32, maximum: 2048 })),
    maxMinutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
    /** How the threshold is chosen, as `felfri train --rule` takes it; another is refused with OPTION_INVALID. */
    rule: Type.Optional(Type.String({ maxLength: 100, description: `Legal are ${legalRules()}.` })),
    /** The fold that is tested on; the next one sets the threshold. */
    fold: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    /** Of a U-Net: channels of the first level. */
    base: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    /** Of a U-Net: side of the patches that it learns from, pixels. */
    patch: Type.Optional(Type.Integer({ minimum: 32, maximum: 512, multipleOf: 32 })),
    /** Of a U-Net: defects put onto good images; only: no label is needed; add: beside the masks that there are. */
    synthetic: Type.Optional(Type.Union([Type.Literal('only'), Type.Literal('add')])),
    /** Go on where the leak check flags the split; every figure says so. */
    allowLeaks: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** POST /api/trainings -> 201 with a Training: on the data set's present version, which it keeps. */
export const NewTraining = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
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
export const RecipeRequest = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), by: Type.Optional(By) },
  { additionalProperties: false },
);
export type RecipeRequest = Static<typeof RecipeRequest>;
