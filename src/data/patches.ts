/**
 * Where patches are cut from an image, one axis at a time. Patches cover every pixel and overlap, so that a defect on
 * the border of one patch stands well inside another.
 */
import { FelfriError } from '../core/errors.ts';

/**
 * The origins of the patches along one axis, ascending from 0. Neighbours share at least `overlap` of a patch; the last
 * patch ends flush with the axis. An axis no longer than a patch has one patch at 0, which the caller pads.
 *
 * @param length pixels along the axis, at least 1
 * @param patch pixels along the patch
 * @param overlap least shared part of neighbours, in [0, 1)
 * Throws OPTION_INVALID when a value is out of range, or the overlap leaves no whole pixel to step by.
 */
export function patchOrigins(length: number, patch: number, overlap = 0.5): number[] {
  if (!Number.isInteger(length) || length < 1 || !Number.isInteger(patch) || patch < 1) {
    throw new FelfriError(
      'OPTION_INVALID',
      `length ${length} and patch ${patch}; both must be whole pixels, 1 or more`,
    );
  }
  const step = overlap >= 0 && overlap < 1 ? Math.floor(patch * (1 - overlap)) : 0;
  if (step < 1) {
    throw new FelfriError(
      'OPTION_INVALID',
      `overlap ${overlap} of patches of ${patch} pixels; legal is 0 or more, and small enough that patches move by a pixel`,
    );
  }
  const last = Math.max(0, length - patch);
  const origins: number[] = [];
  for (let origin = 0; origin < last; origin += step) origins.push(origin);
  origins.push(last);
  return origins;
}
