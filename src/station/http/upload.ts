/** An image and its fields out of a request, never more bytes in memory than the limit. */
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { InspectionFields } from '../contract/inspections.ts';
import { requireFit } from './validation.ts';

export interface Upload {
  /** In a buffer of their own, so that they can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: InspectionFields;
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
async function readAll(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (cause) {
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

async function readForm(request: FastifyRequest, limit: number): Promise<Upload> {
  const fields: Record<string, unknown> = {};
  for await (const part of request.parts({
    limits: { fileSize: limit, files: 1, fields: 8, fieldSize: 1000, parts: 9 },
  })) {
    if (part.type === 'file') {
      if (part.fieldname !== 'image') {
        throw new FelfriError(
          'REQUEST_INVALID',
          `got a file called ${JSON.stringify(part.fieldname)}; legal is one: image`,
          {
            subject: 'image',
          },
        );
      }
      const bytes = await readAll(part.file, limit);
      if (part.file.truncated) throw tooLarge(limit);
      return { bytes, fields: requireFit(InspectionFields, fields, 'field') };
    }
    if (part.valueTruncated || part.fieldnameTruncated)
      throw new FelfriError('REQUEST_TOO_LARGE', 'a field has more than 1000 bytes', { subject: 'field' });
    fields[part.fieldname] = part.value;
  }
  throw new FelfriError('REQUEST_INVALID', 'the form has no file called image; send the fields first, then the image', {
    subject: 'image',
  });
}

/** Reads multipart with a file called image, or the image itself as the body with the fields in the query. */
export async function readUpload(request: FastifyRequest, limit: number): Promise<Upload> {
  if (request.isMultipart()) return readForm(request, limit);
  const fields = requireFit<InspectionFields>(InspectionFields, { ...(request.query as object) }, 'query');
  const body = request.body as AsyncIterable<Uint8Array> | undefined;
  if (body === undefined)
    throw new FelfriError('REQUEST_INVALID', 'the request has no body; send an image', { subject: 'image' });
  return { bytes: await readAll(body, limit), fields };
}
