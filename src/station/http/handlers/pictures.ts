/** Answers with pictures: as they are kept, or as a copy of which no side is longer than asked. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { imageFormats } from '../../../data/image/formats.ts';
import { readImageHeader } from '../../../data/image/header.ts';
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';

/** A picture that never changes. */
export const KEPT = 'private, max-age=86400, immutable';

/** Longest side of a heat map, pixels: a larger one shows no more, and takes gigabytes to draw. */
export const LONGEST_MAP = 4096;

/** Aborts when who asked goes away. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

export interface KeptImage {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Bytes; 0 where it is gone. */
  readonly size: () => Promise<number>;
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The bytes to be sent, their content type set. */
export async function pictureAnswer(
  { settings: { maxPixels }, views, queue }: Station,
  { request, reply, answers }: { request: FastifyRequest; reply: FastifyReply; answers: Answers },
  { hash, size, read }: KeptImage,
  longest: number | undefined,
): Promise<Buffer> {
  if (longest === undefined) {
    await answers.take(request, reply, await size());
    const bytes = await read();
    const { format } = await readImageHeader(bytes, 'the image', maxPixels);
    reply.header('cache-control', KEPT).type(imageFormats[format].mediaType);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const made = await views.get(`image ${hash} ${longest}`, goneSignal(reply), async () =>
    queue.beside.view({ bytes: await read(), longest, maxPixels }),
  );
  reply.header('cache-control', KEPT).type('image/webp');
  return made;
}
