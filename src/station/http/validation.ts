/** Requests against the contract: a query's texts become numbers where numbers are wanted; a body is taken as it is. */
import type { FastifySchemaCompiler } from 'fastify';
import { lineOrNothingPattern, linePattern } from '../../core/control-characters.ts';
import { FelfriError } from '../../core/errors.ts';
import { type TSchema, Value } from '../../core/schema.ts';

/** The names that stand at the top of a schema, where it lists any. */
function namesOf(schema: TSchema): string {
  const names = Object.keys((schema as { readonly properties?: object }).properties ?? {});
  return names.length === 0 ? '' : `; legal are ${names.join(', ')}`;
}

/** Throws REQUEST_INVALID naming the first place that does not fit. */
export function requireFit<T>(schema: TSchema, given: unknown, part: string): T {
  const value = Value.Default(schema, given ?? {});
  if (Value.Check(schema, value)) return value as T;
  const [first] = Value.Errors(schema, value);
  const where = first?.instancePath.slice(1) ?? '';
  const pattern = first?.keyword === 'pattern' ? first.params.pattern : undefined;
  // of a name that a schema does not foresee, the check says no more than that its schema is false
  const isUnknown = first?.keyword === 'boolean' && where !== '';
  const unknown = `nothing of that name is known${where.includes('/') ? '' : namesOf(schema)}`;
  const misfit = isUnknown ? unknown : (first?.message ?? 'it does not fit');
  const why =
    pattern === linePattern || pattern === lineOrNothingPattern
      ? 'it holds a control character, such as a line feed, or nothing that can be seen; legal is a text of one line'
      : misfit;
  throw new FelfriError(
    'REQUEST_INVALID',
    `${part}${where && ` ${where}`}: ${why}; GET /api/openapi.json says what is legal`,
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
