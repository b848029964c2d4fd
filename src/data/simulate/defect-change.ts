/**
 * What a defect does to the grey values, and the mask that follows from it: exactly the pixels that it changes.
 */

/** Grey values (of 255), before noise, by which every change is lessened: what nobody could see is not kept. */
const hidden = 2;
/** The least change that is kept, in grey values. */
const leastChange = 1;

/** An image in which a defect changes fewer pixels than this counts as good, and no image is made that has fewer but some. */
export const smallestMask = 30;

/**
 * Lessens a change of grey values by 2 and sets to 0 what is then below 1, in place. A pixel belongs to the mask where the result is not 0: the picture
 * with the defect equals the picture without it everywhere else. Returns the number of such pixels.
 */
export function keepVisible(change: Float32Array): number {
  let count = 0;
  for (let p = 0; p < change.length; p++) {
    const left = Math.abs(change[p]!) - hidden;
    change[p] = left < leastChange ? 0 : Math.sign(change[p]!) * left;
    if (left >= leastChange) count++;
  }
  return count;
}
