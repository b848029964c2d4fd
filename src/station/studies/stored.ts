/** What lies in the files of a study. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableNumber, NullableString, Time } from '../contract/common.ts';
import { Hash, Label } from '../contract/datasets.ts';
import { StudyDetail, StudyPart } from '../contract/studies.ts';

const FelfriDecision = Type.Object({
  decision: Type.String(),
  score: Type.Number(),
  inspection: Type.String(),
});

/** study.json: what was asked, fixed when it was made but for its end. */
export const StoredStudy = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Time,
  createdBy: NullableString,
  dataSet: StudyDetail.properties.dataSet,
  trials: Type.Integer(),
  pauseMinutes: Type.Integer(),
  seed: Type.Integer(),
  parts: Type.Array(StudyPart),
  /** Decisions by part and trial on the pictures that people see; null where felfri is no appraiser. */
  felfri: Type.Union([
    Type.Object({ appraiser: Type.String(), decisions: Type.Array(Type.Array(FelfriDecision)) }),
    Type.Null(),
  ]),
  felfriWhy: NullableString,
  closedAt: Type.Union([Time, Type.Null()]),
  closedBy: NullableString,
});
export type StoredStudy = Static<typeof StoredStudy>;

/** answers-*.json: what one appraiser said, in the order in which the parts came. */
export const StoredAnswers = Type.Object({
  appraiser: Type.String(),
  role: Type.String(),
  answers: Type.Array(
    Type.Object({
      trial: Type.Integer(),
      position: Type.Integer(),
      part: Type.String(),
      picture: Hash,
      answer: Label,
      at: Time,
      /** From the picture's first sending to the answer; null where it was not sent since the station's start. */
      seconds: NullableNumber,
    }),
  ),
});
export type StoredAnswers = Static<typeof StoredAnswers>;
