/** Connected regions of a mask: each one a defect of its own. */

export interface Regions {
  /** Per pixel the region's number from 1 on, 0 outside all of them; regions are numbered in order of their first pixel. */
  readonly region: Int32Array<ArrayBuffer>;
  /** Pixels of region i + 1. */
  readonly sizes: readonly number[];
}

/**
 * Regions by 8-connectivity (diagonal neighbours belong together), as in the evaluation code of MVTec AD (Bergmann et al. 2021).
 *
 * @param mask row-major, anything but 0 is defective; its length is a multiple of `width`.
 */
export function connectedRegions(mask: ArrayLike<number>, width: number): Regions {
  const region = new Int32Array(mask.length);
  const sizes: number[] = [];
  const pending: number[] = [];
  const last = mask.length - 1;
  for (let start = 0; start <= last; start++) {
    if (mask[start] === 0 || region[start] !== 0) continue;
    const number = sizes.length + 1;
    let size = 0;
    region[start] = number;
    pending.push(start);
    while (pending.length > 0) {
      const pixel = pending.pop()!;
      size++;
      const column = pixel % width;
      for (let row = pixel - column - width; row <= pixel - column + width; row += width) {
        if (row < 0 || row > last) continue;
        for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
          const neighbour = row + c;
          if (mask[neighbour] === 0 || region[neighbour] !== 0) continue;
          region[neighbour] = number;
          pending.push(neighbour);
        }
      }
    }
    sizes.push(size);
  }
  return { region, sizes };
}
