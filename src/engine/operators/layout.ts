/** Operators that move values without changing them: reshape, transpose, slices, padding, concatenation, selection. */
import { sizeOf } from '../../core/tensor.ts';
import { pad, reshape, slice, sliceAll, take, transpose, turn } from '../builders.ts';
import type { Value } from '../graph.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';
import { normalTensor, type OperatorTable, requireShape } from './operator.ts';

/** Inserts step - 1 zeros behind every element along an axis: (.., n, ..) to (.., n * step, ..). */
function dilate(x: Value, axis: number, step: number): Value {
  if (step === 1) return x;
  const split = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
  const none = split.map(() => 0);
  const wide = pad(
    reshape(x, split),
    none,
    none.map((_, i) => (i === axis + 1 ? step - 1 : 0)),
  );
  return reshape(
    wide,
    x.shape.map((d, i) => (i === axis ? d * step : d)),
  );
}

export const layout = {
  Reshape: {
    doc: 'the same values in row-major order under another shape',
    infer: ([x], { shape }) => {
      requireShape(sizeOf(shape) === sizeOf(x!.shape), () => `Reshape: [${x!.shape}] does not hold [${shape}]`);
      return [{ dtype: x!.dtype, shape }];
    },
    gradient: ({ inputs: [x], upstream }) => [() => reshape(upstream, x!.shape)],
    onnx: (e) => {
      e.node('Reshape', [e.inputs[0]!, e.int64(e.attributes.shape)], e.outputs);
    },
    cases: (random) => [{ inputs: [normalTensor(random, [2, 6])], attributes: { shape: [3, 4] } }],
  },
  Transpose: {
    doc: 'axes in another order',
    infer: ([x], { perm }) => {
      requireShape(
        perm.length === x!.shape.length && new Set(perm).size === perm.length,
        () => `Transpose: [${perm}] is no order of the axes of [${x!.shape}]`,
      );
      return [{ dtype: x!.dtype, shape: perm.map((p) => x!.shape[p]!) }];
    },
    gradient: ({ attributes: { perm }, upstream }) => [
      () =>
        transpose(
          upstream,
          perm.map((_, i) => perm.indexOf(i)),
        ),
    ],
    onnx: (e) => {
      e.node('Transpose', e.inputs, e.outputs, { perm: e.attributes.perm });
    },
    cases: (random) => [{ inputs: [normalTensor(random, [2, 3, 4])], attributes: { perm: [2, 0, 1] } }],
  },
  Turn: {
    doc: 'a matrix turned about its diagonal; unlike Transpose, a step of its own that onnxruntime does not merge with others',
    infer: ([x]) => {
      requireShape(x!.shape.length === 2, () => `Turn: needs a matrix, got [${x!.shape}]`);
      return [{ dtype: x!.dtype, shape: [x!.shape[1]!, x!.shape[0]!] }];
    },
    gradient: ({ upstream }) => [() => turn(upstream)],
    onnx: (e) => {
      if (!e.readers(0).includes('Reshape')) {
        e.node('Transpose', e.inputs, e.outputs, { perm: [1, 0] });
        return;
      }
      const turned = e.node('Transpose', e.inputs, 1, { perm: [1, 0] });
      // a triangle that holds the whole matrix: copies nothing, and keeps onnxruntime from merging the turn with a Reshape after it into
      // a Transpose of four axes, which takes ten times as long (docs/experiments/speed.md)
      const whole = -e.outputTypes[0]!.shape[0]!;
      e.node('Trilu', [turned[0]!, e.int64([whole], true)], e.outputs, { upper: 1 });
    },
    cases: (random) => [{ inputs: [normalTensor(random, [3, 2])], attributes: {} }],
  },
  Expand: {
    doc: 'broadcast to a shape',
    infer: ([x], { shape }) => {
      const out = broadcastShape(x!.shape, shape);
      requireShape(
        out.length === shape.length && out.every((d, i) => d === shape[i]),
        () => `Expand: [${x!.shape}] to [${shape}]`,
      );
      return [{ dtype: x!.dtype, shape }];
    },
    gradient: ({ inputs: [x], upstream }) => [() => unbroadcast(upstream, x!.shape)],
    onnx: (e) => {
      e.node('Expand', [e.inputs[0]!, e.int64(e.attributes.shape)], e.outputs);
    },
    cases: (random) => [{ inputs: [normalTensor(random, [3, 1])], attributes: { shape: [2, 3, 4] } }],
  },
  Slice: {
    doc: 'every step-th element of [start, end) along each axis',
    infer: ([x], { starts, ends, steps }) => {
      const shape = x!.shape.map((d, i) => {
        const [s, e, t] = [starts[i]!, ends[i]!, steps[i]!];
        requireShape(
          s >= 0 && e <= d && s < e && t >= 1,
          () => `Slice: [${starts}) to [${ends}] step [${steps}] of [${x!.shape}]`,
        );
        return Math.ceil((e - s) / t);
      });
      return [{ dtype: x!.dtype, shape }];
    },
    gradient: ({ inputs: [x], attributes: { starts, steps }, upstream }) => [
      () => {
        const wide = upstream.shape.reduce((g, _, axis) => dilate(g, axis, steps[axis]!), upstream);
        const after = x!.shape.map((d, i) => d - starts[i]! - wide.shape[i]!);
        // dilation can reach past the input's end; what it added there is zeros
        const cut = sliceAll(
          wide,
          wide.shape.map(() => 0),
          wide.shape.map((d, i) => d + Math.min(0, after[i]!)),
          wide.shape.map(() => 1),
        );
        return pad(
          cut,
          starts,
          after.map((a) => Math.max(0, a)),
        );
      },
    ],
    onnx: (e) => {
      const { starts, ends, steps } = e.attributes;
      const axes = starts
        .map((_, i) => i)
        .filter((i) => starts[i] !== 0 || ends[i] !== e.inputTypes[0]!.shape[i] || steps[i] !== 1);
      const pick = (list: readonly number[]): string => e.int64(axes.map((i) => list[i]!));
      e.node('Slice', [e.inputs[0]!, pick(starts), pick(ends), e.int64(axes), pick(steps)], e.outputs);
    },
    cases: (random) => [
      { inputs: [normalTensor(random, [4, 7])], attributes: { starts: [1, 0], ends: [3, 7], steps: [1, 2] } },
      { inputs: [normalTensor(random, [8, 6])], attributes: { starts: [1, 1], ends: [8, 6], steps: [3, 2] } },
    ],
  },
  Pad: {
    doc: 'zeros before and after each axis; a negative count cuts off',
    infer: ([x], { before, after }) => [{ dtype: x!.dtype, shape: x!.shape.map((d, i) => before[i]! + d + after[i]!) }],
    // what was added falls away, and zeros stand where something was cut off
    gradient: ({ attributes: { before, after }, upstream }) => [
      () =>
        pad(
          upstream,
          before.map((p) => -p),
          after.map((p) => -p),
        ),
    ],
    onnx: (e) => {
      e.node('Pad', [e.inputs[0]!, e.int64([...e.attributes.before, ...e.attributes.after])], e.outputs);
    },
    cases: (random) => [
      { inputs: [normalTensor(random, [2, 3])], attributes: { before: [0, 1], after: [2, 0] } },
      { inputs: [normalTensor(random, [3, 4])], attributes: { before: [1, -1], after: [-1, 2] } },
    ],
  },
  Concat: {
    doc: 'values one after another along an axis',
    infer: (inputs, { axis }) => {
      const first = inputs[0]!;
      for (const x of inputs) {
        requireShape(
          x.shape.length === first.shape.length && x.shape.every((d, i) => i === axis || d === first.shape[i]),
          () => `Concat over axis ${axis}: ${inputs.map((v) => `[${v.shape}]`).join(' and ')}`,
        );
      }
      const total = inputs.reduce((n, x) => n + x.shape[axis]!, 0);
      return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) }];
    },
    gradient: ({ inputs, attributes: { axis }, upstream }) => {
      let start = 0;
      return inputs.map((x) => {
        const from = start;
        start += x.shape[axis]!;
        return () => slice(upstream, axis, from, from + x.shape[axis]!);
      });
    },
    onnx: (e) => {
      e.node('Concat', e.inputs, e.outputs, { axis: e.attributes.axis });
    },
    cases: (random) => [
      {
        inputs: [normalTensor(random, [2, 3]), normalTensor(random, [2, 1]), normalTensor(random, [2, 2])],
        attributes: { axis: 1 },
      },
    ],
  },
  Take: {
    doc: 'elements at distinct indices along an axis',
    infer: ([x], { axis, indices }) => {
      const d = x!.shape[axis] ?? 0;
      requireShape(
        new Set(indices).size === indices.length && indices.every((i) => i >= 0 && i < d),
        () => `Take: indices must be distinct and below ${d}, along axis ${axis} of [${x!.shape}]`,
      );
      return [{ dtype: x!.dtype, shape: x!.shape.map((n, i) => (i === axis ? indices.length : n)) }];
    },
    gradient: ({ inputs: [x], attributes: { axis, indices }, upstream }) => [
      () => {
        const d = x!.shape[axis]!;
        if (indices.length === d) return take(upstream, axis, inverse(indices, d));
        const zeros = upstream.shape.map((_, i) => (i === axis ? d - indices.length : 0));
        const padded = pad(
          upstream,
          upstream.shape.map(() => 0),
          zeros,
        );
        const rest = Array.from({ length: d }, (_, i) => i).filter((i) => !indices.includes(i));
        return take(padded, axis, inverse([...indices, ...rest], d));
      },
    ],
    onnx: (e) => {
      e.node('Gather', [e.inputs[0]!, e.int64(e.attributes.indices)], e.outputs, { axis: e.attributes.axis });
    },
    cases: (random) => [
      { inputs: [normalTensor(random, [2, 4, 3])], attributes: { axis: 1, indices: [2, 0, 3, 1] } },
      { inputs: [normalTensor(random, [2, 5])], attributes: { axis: 1, indices: [4, 1] } },
    ],
  },
  Gather: {
    doc: 'elements at given indices along an axis, which may come again; only weight gradients use it',
    infer: ([x], { axis, indices }) => {
      const d = x!.shape[axis] ?? 0;
      requireShape(
        indices.every((i) => i >= 0 && i < d),
        () => `Gather: indices must be below ${d}, along axis ${axis} of [${x!.shape}]`,
      );
      return [{ dtype: x!.dtype, shape: x!.shape.map((n, i) => (i === axis ? indices.length : n)) }];
    },
    gradient: 'none',
    onnx: (e) => {
      e.node('Gather', [e.inputs[0]!, e.int64(e.attributes.indices)], e.outputs, { axis: e.attributes.axis });
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;

function inverse(order: readonly number[], n: number): number[] {
  const out = new Array<number>(n);
  for (const [to, from] of order.entries()) out[from] = to;
  return out;
}
