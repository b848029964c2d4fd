/**
 * Shapes of what comes from outside, and their types (JSON Schema by typebox). The one file that imports typebox: the build makes one file of
 * it and that library's 679, which were most of the modules that a start loaded.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

export { type Static, type TSchema, Type, Value };
