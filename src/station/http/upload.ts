/** An image and its fields out of a request, never more bytes in memory than the limit. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { TSchema } from '../../core/schema.ts';
import { formParts } from './form.ts';
import { requireFit } from './validation.ts';

export interface Upload<T> {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: T;
}

export interface UploadLimit {
  /** Most bytes of the image. */
  readonly limit: number;
  /** Hears of every chunk. */
  readonly took: (bytes: number) => void;
}

function tooLarge(limit: number): FelfriError {
  return new FelfriError(
    'REQUEST_TOO_LARGE',
    `the image has more than ${limit} bytes, the most that the station takes`,
    {
      subject: 'image',
    },
  );
}

/** Once so much has come, the size that the request states is believed. */
const BELIEVED = 64 * 1024;

/** Bytes of a stream in one array, which has the size that was stated from early on, so that a large image is not held twice. */
class Gathered {
  readonly #stated: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(BELIEVED);
  length = 0;

  constructor(stated: number) {
    this.#stated = stated;
  }

  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(needed > this.#stated ? 2 * needed : this.#stated);
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.length);
    this.length = needed;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }
}

/** Throws REQUEST_TOO_LARGE, and REQUEST_INVALID when the client goes away. */
async function readAll(
  stream: Readable,
  { limit, took }: UploadLimit,
  stated: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new Gathered(Math.min(limit, stated));
  try {
    // the connection is still needed, to say what was wrong
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      if (gathered.length + chunk.length > limit) throw tooLarge(limit);
      took(chunk.length);
      gathered.add(chunk);
    }
  } catch (cause) {
    stream.resume();
    if (cause instanceof FelfriError) throw cause;
    throw new FelfriError('REQUEST_INVALID', `the body broke off after ${gathered.length} bytes; send it again`, {
      cause,
    });
  }
  return gathered.bytes;
}

/** Bytes of the body, as the request states; 0 where it does not. */
const statedBytes = ({ headers }: FastifyRequest): number => Number(headers['content-length'] ?? 0) || 0;

/** A file more than is taken, so that a second one is met and refused by name, whatever it is called. */
const FORM_FILES = 2;
const FORM_FIELDS = 8;

function refused(message: string, subject: string): FelfriError {
  return new FelfriError('REQUEST_INVALID', message, { subject });
}

/** Of one image and its fields, in any order; all of the form is read before anything is believed. */
async function readForm<T>(
  request: FastifyRequest,
  upload: UploadLimit,
  schema: TSchema,
  fields: Map<string, unknown>,
): Promise<Upload<T>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const limits = {
    fileSize: upload.limit,
    files: FORM_FILES,
    fields: FORM_FIELDS,
    fieldSize: 1000,
    parts: FORM_FILES + FORM_FIELDS,
  };
  for await (const part of formParts(request, limits)) {
    if (part.kind === 'text') {
      if (fields.has(part.name))
        throw refused(`got the field ${JSON.stringify(part.name)} twice; give each once`, part.name);
      fields.set(part.name, part.value);
      continue;
    }
    if (bytes)
      throw refused(
        `got a second file, called ${JSON.stringify(part.name)}; send each image in a form of its own`,
        'image',
      );
    if (part.name !== 'image')
      throw refused(`got a file called ${JSON.stringify(part.name)}; legal is one: image`, 'image');
    bytes = await readAll(part.content, upload, statedBytes(request));
    if (part.isCut()) throw tooLarge(upload.limit);
  }
  if (bytes) return { bytes, fields: requireFit(schema, Object.fromEntries(fields), 'field') };
  throw refused('the form has no file called image; add one', 'image');
}

/**
 * Reads multipart with a file called image and its fields before or behind it, or the image itself as the body; fields may stand in the query.
 * `seen` gets the fields as they are read, also where the request is refused in the end.
 */
export async function readUpload<T>(
  request: FastifyRequest,
  upload: UploadLimit,
  schema: TSchema,
  seen: Map<string, unknown>,
): Promise<Upload<T>> {
  for (const [name, value] of Object.entries(request.query as object)) seen.set(name, value);
  if (request.isMultipart()) return readForm(request, upload, schema, seen);
  const fields = requireFit<T>(schema, Object.fromEntries(seen), 'query');
  const { body } = request;
  if (!(body instanceof Readable)) {
    throw new FelfriError(
      'REQUEST_INVALID',
      'the request holds no image; send it as multipart/form-data with a file called image, or as the body with the content type image/*',
      { subject: 'image' },
    );
  }
  return { bytes: await readAll(body, upload, statedBytes(request)), fields };
}
