/**
 * Shapes of what comes from outside, and their types (JSON Schema by typebox). The one file that imports typebox: the build makes one file of
 * it and that library's 679, which would else be two thirds of all that the program reads from disk before its first decision.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

export { type Static, type TSchema, Type, Value };
