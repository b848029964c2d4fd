/** The errors for image files that are damaged, or hold what felfri does not read. */
import { FelfriError } from '../../core/errors.ts';
import { unreadTitleOf, whatIsRead } from './formats.ts';

/** The error for bytes that the decoder gave up on. */
export function corruptImage(subject: string, cause: unknown): FelfriError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '').replace(/^Input buffer has /, '') : '';
  return new FelfriError(
    'IMAGE_CORRUPT',
    `${subject}: the image is truncated or damaged (${reason}); copy it again from its source, or leave it out`,
    { subject, cause },
  );
}

/** The error for bytes of no format that felfri reads. */
export function unreadFormat(subject: string, bytes: Uint8Array): FelfriError {
  const title = unreadTitleOf(bytes);
  const message =
    title === undefined
      ? `the bytes are not an image; ${whatIsRead}: convert it, or leave it out`
      : `a ${title} image; ${whatIsRead}: convert it to PNG or TIFF without loss, or leave it out`;
  return new FelfriError('IMAGE_FORMAT', `${subject}: ${message}`, { subject });
}
