/** An image and its fields out of a request, never more bytes in memory than the limit. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { TSchema } from '../../core/schema.ts';
import { InspectionFields } from '../contract/inspections.ts';
import { formParts } from './form.ts';
import { requireFit } from './validation.ts';

export interface Upload<T = InspectionFields> {
  /** In a buffer of their own, so that they can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: T;
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
async function readAll(stream: Readable, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // the connection is still needed, to say what was wrong
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > limit) throw tooLarge(limit);
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

async function readForm<T>(request: FastifyRequest, limit: number, schema: TSchema): Promise<Upload<T>> {
  const fields: Record<string, unknown> = {};
  for await (const part of formParts(request, { fileSize: limit, files: 1, fields: 8, fieldSize: 1000, parts: 9 })) {
    if (part.kind === 'text') {
      fields[part.name] = part.value;
      continue;
    }
    if (part.name !== 'image') {
      throw new FelfriError('REQUEST_INVALID', `got a file called ${JSON.stringify(part.name)}; legal is one: image`, {
        subject: 'image',
      });
    }
    const bytes = await readAll(part.content, limit);
    if (part.isCut()) throw tooLarge(limit);
    return { bytes, fields: requireFit(schema, fields, 'field') };
  }
  throw new FelfriError('REQUEST_INVALID', 'the form has no file called image; send the fields first, then the image', {
    subject: 'image',
  });
}

/** Reads multipart with a file called image, or the image itself as the body with the fields in the query. */
export async function readUpload<T = InspectionFields>(
  request: FastifyRequest,
  limit: number,
  schema: TSchema = InspectionFields,
): Promise<Upload<T>> {
  if (request.isMultipart()) return readForm(request, limit, schema);
  const fields = requireFit<T>(schema, { ...(request.query as object) }, 'query');
  const { body } = request;
  if (!(body instanceof Readable)) {
    throw new FelfriError(
      'REQUEST_INVALID',
      'the request holds no image; send it as multipart/form-data with a file called image, or as the body with the content type image/*',
      { subject: 'image' },
    );
  }
  return { bytes: await readAll(body, limit), fields };
}
