/** Requests against the contract: a query's texts become numbers where numbers are wanted; a body is taken as it is. */
import type { FastifySchemaCompiler } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { type TSchema, Value } from '../../core/schema.ts';

/** Throws REQUEST_INVALID naming the first place that does not fit. */
export function requireFit<T>(schema: TSchema, given: unknown, part: string): T {
  const value = Value.Default(schema, given ?? {});
  if (Value.Check(schema, value)) return value as T;
  const [first] = Value.Errors(schema, value);
  const where = first?.instancePath.slice(1) ?? '';
  throw new FelfriError(
    'REQUEST_INVALID',
    `${part}${where && ` ${where}`}: ${first?.message ?? 'it does not fit'}; GET /api/openapi.json says what is legal`,
    where ? { subject: where } : {},
  );
}

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  return (given: unknown) => {
    try {
      const value = httpPart === 'body' ? given : Value.Convert(schema, { ...(given as object) });
      return { value: requireFit(schema, value, httpPart) };
    } catch (error) {
      return { error: error as Error };
    }
  };
};
