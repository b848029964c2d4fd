/** What regions leave of the features that a flow learns from. */
import type { Tensor } from '../../core/tensor.ts';

/** A feature map (C, h, w) at the positions alone whose cell is not 0, (C, 1, positions): order is no matter to moments. */
export function judgedPositions({ shape: [c, h, w], data }: Tensor, cells: Float32Array | undefined): Tensor {
  if (!cells) return { shape: [c!, h!, w!], data };
  const positions = Array.from(cells.keys()).filter((i) => cells[i]! > 0);
  const left = new Float32Array(c! * positions.length);
  for (let k = 0; k < c!; k++)
    for (const [i, at] of positions.entries()) left[k * positions.length + i] = data[k * h! * w! + at]!;
  return { shape: [c!, 1, positions.length], data: left };
}
