/** An image and its fields out of a request, never more bytes in memory than the limit. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { TSchema } from '../../core/schema.ts';
import { formParts } from './form.ts';
import { requireFit } from './validation.ts';

export interface Upload<T> {
  /** In a buffer of their own, so that they can be handed to another thread. */
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

/** Throws REQUEST_TOO_LARGE, and REQUEST_INVALID when the client goes away. */
async function readAll(stream: Readable, { limit, took }: UploadLimit): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // the connection is still needed, to say what was wrong
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > limit) throw tooLarge(limit);
      took(chunk.length);
      chunks.push(chunk);
    }
  } catch (cause) {
    stream.resume();
    if (cause instanceof FelfriError) throw cause;
    throw new FelfriError('REQUEST_INVALID', `the body broke off after ${length} bytes; send it again`, { cause });
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

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
    bytes = await readAll(part.content, upload);
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
  return { bytes: await readAll(body, upload), fields };
}
