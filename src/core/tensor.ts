/**
 * A dense array with a shape: what passes between layers. Row-major; image batches are NCHW.
 */
import { FelfriError } from './errors.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Number of elements of a shape; the empty shape is a scalar and has one. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** A tensor of the given shape over `data`, or filled with zeros. Throws GRAPH_SHAPE when the lengths differ. */
export function tensor(shape: readonly number[], data?: Float32Array<ArrayBuffer> | readonly number[]): Tensor {
  const size = sizeOf(shape);
  const values = data instanceof Float32Array ? data : data ? Float32Array.from(data) : new Float32Array(size);
  if (values.length !== size) {
    throw new FelfriError('GRAPH_SHAPE', `shape [${shape}] needs ${size} values, got ${values.length}`);
  }
  return { shape: [...shape], data: values };
}

/** Named tensors, as weights, gradients and checkpoints hold them. */
export type NamedTensors = Map<string, Tensor>;

/** Stacks tensors of one shape [...] into [N, ...]. Throws GRAPH_SHAPE when there are none or their shapes differ. */
export function stack(items: readonly Tensor[]): Tensor {
  const first = items[0];
  if (!first) throw new FelfriError('GRAPH_SHAPE', 'cannot stack zero tensors');
  const step = first.data.length;
  const data = new Float32Array(step * items.length);
  items.forEach((item, i) => {
    if (item.shape.join() !== first.shape.join()) {
      throw new FelfriError('GRAPH_SHAPE', `cannot stack shape [${item.shape}] with [${first.shape}]`);
    }
    data.set(item.data, i * step);
  });
  return { shape: [items.length, ...first.shape], data };
}
