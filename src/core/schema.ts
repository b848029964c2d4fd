/**
 * Shapes of what comes from outside, and their types (JSON Schema by typebox). The one file that imports typebox: the build makes one file of
 * it and that library's 679, which were most of the modules that a start loaded.
 */
import Type, { type Static, type TLiteral, type TObject, type TProperties, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

export { type Static, type TObject, type TProperties, type TSchema, Type, Value };

/** One of some words, such as the names of a table's rows. */
export const literals = <T extends string>(words: readonly T[]) =>
  Type.Union(words.map((word) => Type.Literal(word)) as [TLiteral<T>]);
