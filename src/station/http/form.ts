/** The parts of a multipart form, one after another; whatever a client does, the reading of each part comes to an end. */
import { PassThrough, type Readable } from 'node:stream';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';

export interface FormLimits {
  readonly fileSize: number;
  readonly files: number;
  readonly fields: number;
  /** Bytes of a text. */
  readonly fieldSize: number;
  readonly parts: number;
}

function formError(error: unknown): FelfriError {
  if (error instanceof FelfriError) return error;
  const { message, statusCode } = error as Error & { statusCode?: number };
  const code = statusCode === 413 ? 'REQUEST_TOO_LARGE' : 'REQUEST_INVALID';
  return new FelfriError(code, `the form cannot be read: ${message}`, { cause: error });
}

export type FormPart =
  | { readonly kind: 'text'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'file'; readonly name: string; readonly content: Readable; readonly isCut: () => boolean };

/**
 * The content of a file. A form may break off in a part that nobody reads yet; the parser's stream then neither ends nor fails for a later
 * reader, so when no part follows this sees to it.
 */
function contentOf({ file }: MultipartFile, next: Promise<IteratorResult<Multipart>>): Readable {
  const content = file.pipe(new PassThrough());
  // a reader meets the error whenever it comes; without one it is nobody's
  content.on('error', () => undefined);
  const end = (): void => {
    if (file.destroyed && !file.readableEnded)
      content.destroy(new FelfriError('REQUEST_INVALID', 'the form broke off; send it again'));
    else file.push(null);
  };
  next.then(({ done }) => done && end(), end);
  return content;
}

/** Yields texts and files; a file is to be read before the next part is asked for. Throws REQUEST_INVALID or REQUEST_TOO_LARGE. */
export async function* formParts(request: FastifyRequest, limits: FormLimits): AsyncGenerator<FormPart> {
  try {
    const parts = request.parts({ limits });
    for (let next = parts.next(); ; ) {
      const { done, value: part } = await next;
      if (done) return;
      next = parts.next();
      // an error is met when the next part is asked for, which may be never
      next.catch(() => undefined);
      const name = part.fieldname;
      if (part.type === 'file')
        yield { kind: 'file', name, content: contentOf(part, next), isCut: () => part.file.truncated };
      else if (part.valueTruncated || part.fieldnameTruncated)
        throw new FelfriError('REQUEST_TOO_LARGE', `a field has more than ${limits.fieldSize} bytes`, {
          subject: name,
        });
      else yield { kind: 'text', name, value: part.value };
    }
  } catch (error) {
    throw formError(error);
  } finally {
    // what is left of the body is thrown away, so that the connection serves the next request
    request.raw.unpipe();
    request.raw.resume();
  }
}
