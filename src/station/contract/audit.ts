/** The audit log: its entries, and how they are looked for. */
import { type Static, Type } from '../../core/schema.ts';
import { line, NullableString, Time } from './common.ts';

/** What an entry of the audit log is about; kept: what the station keeps for a time. */
export const AuditSubject = Type.Union([
  Type.Literal('recipe'),
  Type.Literal('inspection'),
  Type.Literal('dataSet'),
  Type.Literal('training'),
  Type.Literal('user'),
  Type.Literal('kept'),
  Type.Literal('product'),
  Type.Literal('study'),
  Type.Literal('drift'),
  Type.Literal('reference'),
]);
export type AuditSubject = Static<typeof AuditSubject>;

export const AuditEntry = Type.Object({
  /** From 1, without gaps. */
  number: Type.Integer(),
  at: Time,
  by: NullableString,
  /** Such as 'recipe.thresholds'. */
  action: Type.String(),
  /** What `subject` is the id of, or a user's name; null for an action of a later version. Not covered by the hash. */
  about: Type.Union([AuditSubject, Type.Null()]),
  subject: Type.String(),
  /** What changed, as the action defines it. */
  detail: Type.Unknown(),
  /** The entry as a sentence or two in English, made when it is asked for; not covered by the hash. */
  summary: Type.String(),
  /** SHA-256 of the entry before; 64 zeros for the first. */
  previous: Type.String(),
  /** SHA-256 over all of the above but `about` and `summary`. */
  hash: Type.String(),
});
export type AuditEntry = Static<typeof AuditEntry>;

const filters = {
  /** Exactly this action, such as 'recipe.thresholds'. */
  action: Type.Optional(line(60)),
  about: Type.Optional(AuditSubject),
  /** The id of a recipe, inspection, data set or training, or a user's name. */
  subject: Type.Optional(line(100)),
  /** Who did it, exactly. */
  by: Type.Optional(line(100)),
  from: Type.Optional(Time),
  /** Not later; a time before `from` finds nothing. */
  to: Type.Optional(Time),
};

/** Which entries are looked for; those that fit all that is given. */
export const AuditFilter = Type.Object(filters, { additionalProperties: false });
export type AuditFilter = Static<typeof AuditFilter>;

/** GET /api/audit?limit&before and filters, newest first. */
export const AuditQuery = Type.Object(
  {
    ...filters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

export const AuditTrail = Type.Object({ entries: Type.Array(AuditEntry) });
export type AuditTrail = Static<typeof AuditTrail>;

/** csv: a table for people. ndjson: an entry a line as `GET /api/audit` gives it, from which the chain of hashes can be followed. */
export const AuditFormat = Type.Union([Type.Literal('csv'), Type.Literal('ndjson')]);
export type AuditFormat = Static<typeof AuditFormat>;

/** GET /api/audit/export?format and filters, oldest first. */
export const AuditExport = Type.Object(
  { ...filters, format: Type.Optional(AuditFormat) },
  { additionalProperties: false },
);
export type AuditExport = Static<typeof AuditExport>;
