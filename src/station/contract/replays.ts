/** Two recipes side by side on images that were kept: what would have been decided otherwise. */
import { type Static, Type } from '../../core/schema.ts';
import { Decision, Identifier, NullableNumber, NullableString, Proportion, Time } from './common.ts';

/** POST /api/replays -> Replay. Runs at low priority, one at a time; 409 CONFLICT while another runs. Changes no record. */
export const NewReplay = Type.Object(
  {
    first: Identifier,
    second: Identifier,
    /** Of the inspections' time; `to` is not included. */
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    /** Most images, the newest first. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 500 })),
  },
  { additionalProperties: false },
);
export type NewReplay = Static<typeof NewReplay>;

const Counts = Type.Object({ OK: Type.Integer(), REVIEW: Type.Integer(), NG: Type.Integer() });

/** A recipe as it stood when the replay began, and what it makes of the images. */
export const ReplaySide = Type.Object({
  recipe: Type.String(),
  name: Type.String(),
  revision: Type.Integer(),
  threshold: NullableNumber,
  review: NullableNumber,
  decisions: Counts,
  /** Share of OK among the images whose part is defective by a person's verdict. */
  missed: Proportion,
  /** Share of NG among those whose part is good by a person's verdict. */
  falseAlarms: Proportion,
});
export type ReplaySide = Static<typeof ReplaySide>;

const Judged = Type.Object({ decision: Decision, score: Type.Number() });

export const ReplayedChange = Type.Object({
  inspection: Type.String(),
  part: NullableString,
  createdAt: Time,
  /** By a person's verdict; null where there is none. */
  label: Type.Union([Type.Literal('good'), Type.Literal('defective'), Type.Null()]),
  first: Judged,
  second: Judged,
});
export type ReplayedChange = Static<typeof ReplayedChange>;

/** GET /api/replays/{id}, POST /api/replays/{id}/cancel. The newest twenty that ended are kept, over restarts too. */
export const Replay = Type.Object({
  id: Type.String(),
  startedAt: Time,
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('cancelled'), Type.Literal('failed')]),
  /** Why it failed. */
  problem: NullableString,
  total: Type.Integer(),
  done: Type.Integer(),
  /** Images that are gone or could not be inspected; they are in no other number. */
  unusable: Type.Integer(),
  first: ReplaySide,
  second: ReplaySide,
  /** Decisions that the second recipe makes stricter (toward NG) and milder (toward OK). */
  stricter: Type.Integer(),
  milder: Type.Integer(),
  /** At most 500 of them: those between OK and NG first, then the newest. */
  changes: Type.Array(ReplayedChange),
});
export type Replay = Static<typeof Replay>;

/** GET /api/replays, newest first: all but the changes. */
export const ReplayList = Type.Object({ replays: Type.Array(Type.Omit(Replay, ['changes'])) });
export type ReplayList = Static<typeof ReplayList>;

/** GET /api/inspections/{id}/maps/{recipe}: a PNG of its image with the map by that recipe over it, computed when asked. */
export const MapParams = Type.Object({ id: Identifier, recipe: Identifier });
export type MapParams = Static<typeof MapParams>;
