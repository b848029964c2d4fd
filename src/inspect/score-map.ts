/** A score map brought to the size of the image it belongs to. */
import type { Tensor } from '../core/tensor.ts';

/** Bilinear samples of a map (1, 1, h, w) on a grid of height x width positions that spans the same area; row-major. */
export function resampleMap(map: Tensor, width: number, height: number): Float32Array<ArrayBuffer> {
  const [h, w] = map.shape.slice(2) as [number, number];
  const out = new Float32Array(width * height);
  const columns = Array.from({ length: width }, (_, i) => place(i, width, w));
  for (let row = 0; row < height; row++) {
    const [above, below, down] = place(row, height, h);
    for (let column = 0; column < width; column++) {
      const [left, right, across] = columns[column]!;
      const top = map.data[above * w + left]! * (1 - across) + map.data[above * w + right]! * across;
      const bottom = map.data[below * w + left]! * (1 - across) + map.data[below * w + right]! * across;
      out[row * width + column] = top * (1 - down) + bottom * down;
    }
  }
  return out;
}

/** The two samples of n between which position i of m lies (half-pixel centres), and how far along. */
function place(i: number, m: number, n: number): [number, number, number] {
  const at = Math.min(Math.max(((i + 0.5) * n) / m - 0.5, 0), n - 1);
  const low = Math.floor(at);
  return [low, Math.min(low + 1, n - 1), at - low];
}
