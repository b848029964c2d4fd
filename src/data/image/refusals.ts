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

/** What `read` gives; throws IMAGE_CORRUPT where it throws RangeError, which readers do where a file ends too early or contradicts itself. */
export function orCorrupt<T>(subject: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw corruptImage(subject, error);
    throw error;
  }
}
