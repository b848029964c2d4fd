/** Answers with pictures: as they are kept, or as a copy of which no side is longer than asked. */
import type { FastifyReply } from 'fastify';
import { decodeForView } from '../../../data/image/decode.ts';
import { encodePreview } from '../../../data/image/encode.ts';
import { imageFormats } from '../../../data/image/formats.ts';
import { readImageHeader } from '../../../data/image/header.ts';

/** A picture that never changes. */
export const KEPT = 'private, max-age=86400, immutable';

/** The bytes to be sent, their content type set. */
export async function pictureAnswer(
  reply: FastifyReply,
  bytes: Uint8Array<ArrayBuffer>,
  longest: number | undefined,
  maxPixels: number,
): Promise<Buffer> {
  reply.header('cache-control', KEPT);
  if (longest === undefined) {
    const { format } = await readImageHeader(bytes, 'the image', maxPixels);
    reply.type(imageFormats[format].mediaType);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  reply.type('image/webp');
  return Buffer.from(await encodePreview(await decodeForView(bytes, 'the image', { maxPixels }), longest));
}
