/** The errors that readers of image files share. */
import { FelfriError } from '../../core/errors.ts';

/** The error for bytes that the decoder gave up on. */
export function corruptImage(subject: string, cause: unknown): FelfriError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '').replace(/^Input buffer has /, '') : '';
  return new FelfriError(
    'IMAGE_CORRUPT',
    `${subject}: the image is truncated or damaged (${reason}); copy it again from its source, or leave it out`,
    { subject, cause },
  );
}
