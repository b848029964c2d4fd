/** Studies of people who decide on pictures, blind and in random order, beside felfri's own decisions (attribute agreement). */
import { type Static, Type } from '../../core/schema.ts';
import { studyBounds } from '../studies/bounds.ts';
import { By, Identifier, line, NullableString, Time } from './common.ts';
import { Hash, Label } from './datasets.ts';

const Trial = Type.Integer({ minimum: 1, maximum: studyBounds.trials });
const Position = Type.Integer({ minimum: 1, maximum: studyBounds.parts });

/** POST /api/studies -> 201 with a StudyDetail. Its parts are the part groups of a labelled data set, as they are now. */
export const NewStudy = Type.Object(
  {
    name: line(60),
    /** Id of a data set of which every image is labelled. */
    dataSet: Identifier,
    /** How often each part comes to each appraiser. */
    trials: Trial,
    /** Minutes that must lie between two trials of one appraiser; 0 unless told. */
    pauseMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: studyBounds.pauseMinutes })),
    /** Part groups that are limit samples; left out: nobody says which are. */
    limitSamples: Type.Optional(Type.Array(line(100), { maxItems: studyBounds.parts })),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type NewStudy = Static<typeof NewStudy>;

/** How far an appraiser is. */
const Progress = {
  answered: Type.Integer(),
  /** Trials times parts. */
  of: Type.Integer(),
};

/** What everybody may know of a study: nothing of what its parts are. */
export const Study = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Time,
  createdBy: NullableString,
  parts: Type.Integer(),
  trials: Type.Integer(),
  pauseMinutes: Type.Integer(),
  /** No answer is taken any more; null: it is open. */
  closedAt: Type.Union([Time, Type.Null()]),
  /** Of who asks. */
  own: Type.Object(Progress),
});
export type Study = Static<typeof Study>;

/** GET /api/studies, newest first. */
export const StudyList = Type.Object({ studies: Type.Array(Study) });
export type StudyList = Static<typeof StudyList>;

export const StudyPart = Type.Object({
  part: Type.String(),
  /** `good`, or the class of its defect. */
  reference: Type.String(),
  /** Null: nobody said. */
  limit: Type.Union([Type.Boolean(), Type.Null()]),
  /** SHA-256 of its pictures; trial k shows the k-th, and begins anew where there are fewer. */
  pictures: Type.Array(Hash),
});
export type StudyPart = Static<typeof StudyPart>;

/** GET /api/studies/{id}: all of it, for who evaluates it. */
export const StudyDetail = Type.Object({
  study: Study,
  dataSet: Type.Object({ id: Type.String(), name: Type.String(), version: Type.Integer(), hash: Type.String() }),
  /** From which every order follows. */
  seed: Type.Integer(),
  parts: Type.Array(StudyPart),
  appraisers: Type.Array(
    Type.Object({ name: Type.String(), role: Type.String(), ...Progress, finishedAt: Type.Union([Time, Type.Null()]) }),
  ),
  /** felfri as an appraiser: its name there; null where it is none, and then why. */
  felfri: Type.Object({ appraiser: NullableString, why: NullableString }),
  /** As `felfri msa --json` prints it, of those that have finished; null where nobody has. */
  agreement: Type.Unknown(),
});
export type StudyDetail = Static<typeof StudyDetail>;

/** GET /api/studies/{id}/task, and what every answer is answered with: what comes next to who asks. */
export const StudyTask = Type.Object({
  study: Type.Object({ id: Type.String(), name: Type.String() }),
  state: Type.Union([Type.Literal('asking'), Type.Literal('pause'), Type.Literal('done'), Type.Literal('closed')]),
  /** From 1. Where it is done they are the last. */
  trial: Trial,
  trials: Type.Integer(),
  position: Position,
  /** Of each trial. */
  parts: Type.Integer(),
  /** Until when a pause lasts; else null. */
  until: Type.Union([Time, Type.Null()]),
});
export type StudyTask = Static<typeof StudyTask>;

/** GET /api/studies/{id}/picture?trial&position: the picture of the task, anew encoded as WebP. 409 CONFLICT for any other place. */
export const StudyPictureQuery = Type.Object({ trial: Trial, position: Position }, { additionalProperties: false });

/**
 * POST /api/studies/{id}/answers -> StudyTask. An answer stays: the same again changes nothing, another is refused by 409 CONFLICT, and so is
 * one on a part that has not come yet.
 */
export const StudyAnswer = Type.Object(
  { trial: Trial, position: Position, answer: Label },
  { additionalProperties: false },
);
export type StudyAnswer = Static<typeof StudyAnswer>;

/** POST /api/studies/{id}/close -> StudyDetail: no answer is taken any more, for good. */
export const StudyClosing = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });

/** GET /api/studies/{id}/report?format */
export const StudyReportQuery = Type.Object(
  { format: Type.Optional(Type.Union([Type.Literal('html'), Type.Literal('pdf')])) },
  { additionalProperties: false },
);
