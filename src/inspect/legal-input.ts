/** What a program without types may hand over in place of an image or of an option: it is refused by name, never guessed at. */
import { FelfriError } from '../core/errors.ts';

/** What a picture is that shows nothing, or is of quite another size than those learned: for REVIEW, or judged like any other. */
export type PicturePolicy = 'review' | 'judge';

const policies: readonly unknown[] = ['review', 'judge', undefined] satisfies (PicturePolicy | undefined)[];

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `a value of the kind ${value.constructor?.name ?? 'object'}`;
}

function refused(subject: string, value: unknown, legal: string): FelfriError {
  return new FelfriError('OPTION_INVALID', `${subject}: got ${kindOf(value)}; legal are ${legal}`, { subject });
}

/** Throws OPTION_INVALID unless it is the path of an image, or the bytes of an image file. */
export function requirePathOrBytes(image: unknown): void {
  if ((typeof image === 'string' && image !== '') || image instanceof Uint8Array) return;
  throw refused(
    'image',
    image === '' ? 'an empty path' : image,
    'a path, and the bytes of an image file as a Uint8Array, such as a Buffer',
  );
}

/** Throws OPTION_INVALID unless the values of decoded pixels are held in an array that says how deep they are. */
export function requirePixelArray(data: unknown): void {
  if ([Uint8Array, Uint16Array, Float32Array].some((kind) => data instanceof kind)) return;
  throw refused('image', data, 'pixels in a Uint8Array, Uint16Array or Float32Array');
}

/** Throws OPTION_INVALID for what is neither policy: taken for the other, it would let pictures pass that nobody wanted judged. */
export function requirePolicies(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    if (!policies.includes(value)) throw refused(name, value, 'review and judge');
}
