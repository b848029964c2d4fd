/**
 * Photographs of which nothing says what they show, where annotations or masks tell it of others. One rule for all forms: they
 * are left out and named at once, unless the user says that they are good or may be missing. Nothing is taken for good unsaid.
 */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { LayoutResult, Unannotated } from './layout.ts';

const some = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

const counted = (n: number): string => `${n} image${n === 1 ? '' : 's'}`;

/** That marks are of images that are not here. */
const elsewhere = (homeless: readonly string[]): string =>
  `${some(homeless)} mark${homeless.length === 1 ? 's' : ''} an image that is not here`;

/**
 * What becomes of the images `names`. `homeless` are masks and marked annotations of no image that is here: one of them may be of
 * a renamed photograph, which would then count as good. Throws OPTION_INVALID for such where all are said to be good.
 */
export function settleUnannotated(
  root: string,
  names: readonly string[],
  stated: Unannotated | undefined,
  homeless: readonly string[],
): Pick<LayoutResult, 'images' | 'notes' | 'problems'> {
  if (names.length === 0) {
    const note = `--unannotated ${stated} changes nothing: no image is without annotation.`;
    return { images: [], problems: [], notes: stated === undefined ? [] : [note] };
  }
  if (stated === 'good') {
    if (homeless.length > 0) {
      throw new FelfriError(
        'OPTION_INVALID',
        `--unannotated good: ${elsewhere(homeless)}, which may be one of the ${counted(names.length)} without annotation under another name; name it as the image is named, or take it away`,
        { subject: 'unannotated' },
      );
    }
    const images = names.map((name) => ({
      path: join(root, name),
      name,
      label: 'good' as const,
      className: 'good',
    }));
    return { images, problems: [], notes: [`${counted(names.length)} without annotation: good, as stated.`] };
  }
  if (stated === 'leave-out')
    return { images: [], problems: [], notes: [`${counted(names.length)} without annotation: left out, as stated.`] };
  const hint =
    homeless.length === 0
      ? ''
      : `; ${elsewhere(homeless)}, perhaps one of these under another name: name it as the image is named`;
  const message = `no annotation and no mask speaks of ${counted(names.length)} (${some(names)})${hint}: give --unannotated good if all of them are good parts, --unannotated leave-out to go on without them, or put the good ones into good/ and the others into defective/`;
  return { images: [], notes: [], problems: [{ name: names[0]!, code: 'ANNOTATION_MISSING', message, images: names }] };
}
