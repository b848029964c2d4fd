/** The parts of a multipart form, one after another; whatever a client does, the reading of each part comes to an end. */
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
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

/**
 * Whether a body is a form to its end and nothing more. The parser says so of some ends only: others it takes for whole, and drops the text that it was
 * in, one in the last boundary it waits on for ever, and what follows the form it passes over.
 */
class FormEnd {
  readonly #end: string;
  /** What may be the beginning of the end; a body may begin with it. */
  #last = Buffer.from('\r\n');
  #met = false;
  #more = false;

  constructor({ headers }: FastifyRequest) {
    const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(headers['content-type'] ?? '') ?? [];
    this.#end = `\r\n--${quoted ?? plain ?? ''}--`;
  }

  readonly look = (chunk: Buffer): void => {
    let rest = chunk;
    if (!this.#met) {
      const bytes = Buffer.concat([this.#last, chunk]);
      const at = bytes.indexOf(this.#end, 0, 'latin1');
      this.#met = at >= 0;
      this.#last = bytes.subarray(-this.#end.length);
      rest = this.#met ? bytes.subarray(at + this.#end.length) : rest.subarray(0, 0);
    }
    // some clients send a line's end
    this.#more ||= rest.toString('latin1').trim() !== '';
  };

  /** Settles with the body. Throws REQUEST_INVALID. */
  async settled({ raw }: FastifyRequest): Promise<void> {
    await finished(raw, { writable: false });
    if (this.#met && !this.#more) return;
    const what = this.#met ? 'more follows behind the end of the form' : 'the form broke off: it has no end';
    throw new FelfriError('REQUEST_INVALID', `${what}; send it again`);
  }
}

/**
 * Yields texts and files; a file is to be read before the next part is asked for. Throws REQUEST_INVALID, also where the form has no end or something
 * follows it, or REQUEST_TOO_LARGE.
 */
export async function* formParts(request: FastifyRequest, limits: FormLimits): AsyncGenerator<FormPart> {
  const end = new FormEnd(request);
  try {
    const parts = request.parts({ limits });
    const whole = end.settled(request);
    const broken = whole.then(() => new Promise<never>(() => undefined));
    let next = Promise.race([parts.next(), broken]);
    // behind the parser's own listener: this one alone would let the body flow past it
    request.raw.on('data', end.look);
    for (;;) {
      const { done, value: part } = await next;
      if (done) {
        // what is behind the form comes too, and nobody else reads it
        request.raw.unpipe();
        request.raw.resume();
        return await whole;
      }
      next = Promise.race([parts.next(), broken]);
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
    request.raw.off('data', end.look);
    // what is left of the body is thrown away, so that the connection serves the next request
    request.raw.unpipe();
    request.raw.resume();
  }
}
