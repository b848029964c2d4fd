/** JSON files of the station's own, read back: whole and of the form that was written, or damaged. */
import { readFile } from 'node:fs/promises';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import { type Static, type TSchema, Value } from '../../core/schema.ts';

/** Undefined where there is no such file. Throws an error of that code where it cannot be read, is not JSON, or does not fit. */
export async function readStoredJson<S extends TSchema>(
  path: string,
  schema: S,
  code: ErrorCode,
): Promise<Static<S> | undefined> {
  const refuse = (why: string, cause?: unknown): FelfriError =>
    new FelfriError(code, `${path} ${why}; bring it back from a backup`, { subject: path, cause });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refuse('cannot be read', cause);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse('is not JSON', cause);
  }
  if (Value.Check(schema, json)) return json;
  const [first] = Value.Errors(schema, json);
  throw refuse(`does not fit: ${first?.instancePath || '/'} ${first?.message ?? ''}`);
}
