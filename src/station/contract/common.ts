/** What several of the station's answers share. All of the contract: JSON, times in ISO 8601 UTC, scores larger is worse. */
import { lineOrNothingPattern, linePattern } from '../../core/control-characters.ts';
import { type ErrorCode, errorCodes } from '../../core/errors.ts';
import { type Static, Type } from '../../core/schema.ts';

/** Body of every answer that is not a success; `code` is one of docs/errors.md, and never changes its meaning. */
export const ErrorBody = Type.Object({
  code: Type.Enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: Type.String(),
  /** The field, file or id that it is about. */
  subject: Type.Optional(Type.String()),
});
export type ErrorBody = Static<typeof ErrorBody>;

export const Decision = Type.Union([Type.Literal('OK'), Type.Literal('REVIEW'), Type.Literal('NG')]);
export type Decision = Static<typeof Decision>;

export const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
export const NullableString = Type.Union([Type.String(), Type.Null()]);

export const Time = Type.String({ format: 'date-time' });

/** A text of one line, of which something can be seen: no control characters, nor those that turn the direction of writing. */
export const line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: linePattern });

/** As `line`, and it may be empty. */
export const lineOrNothing = (maxLength: number) => Type.String({ maxLength, pattern: lineOrNothingPattern });

/** Who did it, as they say themselves; of no account where the station knows by a user's session or token who it was. */
export const By = line(100);

/** A stated id: 1 to 64 letters, digits, dots, hyphens, underscores, colons, beginning with a letter or digit. */
export const Identifier = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' });

export const IdParams = Type.Object({ id: Identifier });
export type IdParams = Static<typeof IdParams>;

export const Interval = Type.Object({ low: Type.Number(), high: Type.Number() });

/** `count` of `total`; value and the Clopper-Pearson interval are null when total is 0. */
export const Proportion = Type.Object({
  value: NullableNumber,
  count: Type.Integer(),
  total: Type.Integer(),
  interval: Type.Union([Interval, Type.Null()]),
});
export type Proportion = Static<typeof Proportion>;
