/** Bilinear resampling of maps to a size that is known beforehand. It is linear, so its gradient is the transposed map. */
import { matMul, reshape, transpose } from '../builders.ts';
import type { Graph, Value } from '../graph.ts';
import { normalTensor, type OperatorTable, requireShape } from './operator.ts';

/**
 * The matrix (m, n), row-major, that resamples a column of n values to m with half-pixel centres, edges repeated; a row of m gradients
 * times it is the row of n.
 */
function resampler(n: number, m: number): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    const at = Math.max(0, Math.min(n - 1, ((i + 0.5) * n) / m - 0.5));
    const low = Math.min(Math.floor(at), n - 1);
    const high = Math.min(low + 1, n - 1);
    matrix[i * n + low]! += 1 - (at - low);
    matrix[i * n + high]! += at - low;
  }
  return matrix;
}

/** Up to so many positions of the smaller map both axes go by one matrix. */
const MOST_POSITIONS = 256;

const matrices = new WeakMap<Graph, Map<string, Value>>();

/** A constant that a graph has once for each key, since a network resamples often between the same sizes. */
function once(graph: Graph, key: string, make: () => Value): Value {
  const known = matrices.get(graph) ?? new Map<string, Value>();
  matrices.set(graph, known);
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Both axes as one matrix (height width, h w). */
function bothAxes(graph: Graph, [h, w]: readonly [number, number], [height, width]: readonly [number, number]): Value {
  return once(graph, `${h} ${w} ${height} ${width}`, () => {
    const [rows, columns] = [resampler(h, height), resampler(w, width)];
    const matrix = new Float32Array(h * w * height * width);
    let at = 0;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let a = 0; a < h; a++) {
          for (let b = 0; b < w; b++) matrix[at++] = rows[i * h + a]! * columns[j * w + b]!;
        }
      }
    }
    return graph.constant([height * width, h * w], matrix);
  });
}

/** From the gradient of a resampled map (N, C, height, width) to that of the map (N, C, h, w): matrix products. */
function spread(upstream: Value, [n, c, h, w]: readonly [number, number, number, number]): Value {
  const { graph } = upstream;
  const [height, width] = upstream.shape.slice(2) as [number, number];
  if (h * w <= MOST_POSITIONS && n * c > 1) {
    const matrix = bothAxes(graph, [h, w], [height, width]);
    return reshape(matMul(reshape(upstream, [n * c, height * width]), matrix), [n, c, h, w]);
  }
  const axis = (from: number, to: number): Value =>
    once(graph, `${from} ${to}`, () => graph.constant([to, from], resampler(from, to)));
  const narrow = reshape(matMul(reshape(upstream, [n * c * height, width]), axis(w, width)), [n * c, height, w]);
  const low = matMul(reshape(transpose(narrow, [0, 2, 1]), [n * c * w, height]), axis(h, height));
  return reshape(transpose(reshape(low, [n * c, w, h]), [0, 2, 1]), [n, c, h, w]);
}

export const resampling = {
  Resize: {
    doc: 'a map (N, C, h, w) at another height and width: bilinear, half-pixel centres, edges repeated, nothing averaged when it shrinks',
    infer: ([x], { height, width }) => {
      requireShape(x!.shape.length === 4, () => `Resize: needs a map (N, C, h, w), got [${x!.shape}]`);
      return [{ dtype: 'float32', shape: [...x!.shape.slice(0, 2), height, width] }];
    },
    gradient: ({ inputs: [x], upstream }) => [
      () => spread(upstream, x!.shape as readonly number[] as [number, number, number, number]),
    ],
    onnx: (e) => {
      const { height, width } = e.attributes;
      e.node('Resize', [e.inputs[0]!, '', '', e.int64([height, width])], e.outputs, {
        mode: 'linear',
        coordinate_transformation_mode: 'half_pixel',
        axes: [2, 3],
      });
    },
    cases: (random) => [
      { inputs: [normalTensor(random, [2, 3, 2, 3])], attributes: { height: 4, width: 6 } },
      { inputs: [normalTensor(random, [1, 2, 3, 2])], attributes: { height: 5, width: 3 } },
      // a single map, by one axis after the other
      { inputs: [normalTensor(random, [1, 1, 4, 3])], attributes: { height: 3, width: 5 } },
    ],
  },
} satisfies Partial<OperatorTable>;
