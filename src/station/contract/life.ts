/** The whole life of a recipe, from its making to now, as the station can prove it. */
import { type Static, Type } from '../../core/schema.ts';
import { NullableString, Time } from './common.ts';
import { Recipe } from './recipes.ts';
import { RecipeRelease, ReleasePolicy } from './releases.ts';
import { ReplayList } from './replays.ts';
import { Alarm } from './station.ts';

/** What the bundle says of itself: data, split, leak check, figures with intervals, limits, how it was made. */
const CardSection = Type.Object({
  title: Type.String(),
  rows: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  notes: Type.Array(Type.String()),
});

/** What happened to it, as the audit log has it. */
const LifeEvent = Type.Object({
  /** Of the entry. */
  number: Type.Integer(),
  at: Time,
  by: NullableString,
  action: Type.String(),
  summary: Type.String(),
});

/** A time in which it was the active recipe, or was set for a product code. */
const LifePeriod = Type.Object({
  /** Null: it was the active one. */
  product: NullableString,
  from: Time,
  /** Null: it still is. */
  to: Type.Union([Time, Type.Null()]),
});

/** What it decided while a revision judged, and what people said of that. */
export const RevisionCounts = Type.Object({
  revision: Type.Integer(),
  ok: Type.Integer(),
  review: Type.Integer(),
  ng: Type.Integer(),
  /** Decisions that a person confirmed, called a false alarm, or called a missed defect, or of which none could tell. */
  agreed: Type.Integer(),
  falseAlarms: Type.Integer(),
  missed: Type.Integer(),
  cannotTell: Type.Integer(),
});
export type RevisionCounts = Static<typeof RevisionCounts>;

/** GET /api/recipes/{id}/life */
export const RecipeLife = Type.Object({
  at: Time,
  recipe: Recipe,
  policy: ReleasePolicy,
  release: RecipeRelease,
  /** What is wrong with its bundle, so that nothing is said of its making; null where nothing is. */
  problem: NullableString,
  card: Type.Array(CardSection),
  /** Oldest first. */
  events: Type.Array(LifeEvent),
  periods: Type.Array(LifePeriod),
  /** By revision, of the inspections that are still on record. */
  counts: Type.Array(RevisionCounts),
  /** Parts on record that were to be judged by it and were not inspected. */
  notInspected: Type.Integer(),
  /** Those that are kept. */
  replays: ReplayList.properties.replays,
  /** That stand now. */
  alarms: Type.Array(Alarm),
  /** The audit log as it was then: it proves all of this where its head was noted elsewhere. */
  audit: Type.Object({
    entries: Type.Integer(),
    head: Type.String(),
    /** The newest seal of an inspection. */
    inspections: Type.Object({ number: Type.Integer(), seal: Type.String() }),
  }),
});
export type RecipeLife = Static<typeof RecipeLife>;
