/**
 * From a photo of any size to a canvas of one size, and back from a map on the canvas to the image. Inside the graph, so that a
 * bundle and the training that made it cannot disagree about pixels.
 *
 * Antialiased bilinear resampling (the triangle filter widened by the scale when shrinking, half-pixel centres): what Pillow's
 * BILINEAR does, without its rounding to whole grey levels.
 */
import type { Emission, OperatorTable } from './operator.ts';
import { requireShape } from './operator.ts';

/** Emits Resize to `sizes` (a name of int64 [2]) over the last two axes. */
function resize(e: Emission<unknown>, x: string, sizes: string, policy: 'stretch' | 'not_larger'): string {
  return e.node('Resize', [x, '', '', sizes], 1, {
    mode: 'linear',
    antialias: 1,
    coordinate_transformation_mode: 'half_pixel',
    axes: [2, 3],
    keep_aspect_ratio_policy: policy,
  })[0]!;
}

export const image = {
  FitImage: {
    doc: 'pixels (H, W, 3) uint8 to (1, 3, height, width) float32 in 0..255: stretched, or scaled as a whole into the upper left with zeros beside it (letterbox)',
    infer: ([pixels], { height, width }) => {
      requireShape(
        pixels!.dtype === 'uint8' && pixels!.shape.length === 3 && pixels!.shape[2] === 3,
        () => `FitImage: needs uint8 (H, W, 3), got ${pixels!.dtype} [${pixels!.shape}]`,
      );
      return [{ dtype: 'float32', shape: [1, 3, height, width] }];
    },
    gradient: 'none',
    onnx: (e) => {
      const { height, width, fit } = e.attributes;
      const one = (op: string, inputs: string[], attributes = {}): string => e.node(op, inputs, 1, attributes)[0]!;
      const floats = one('Cast', [e.inputs[0]!], { to: 1 });
      const planes = one('Unsqueeze', [one('Transpose', [floats], { perm: [2, 0, 1] }), e.int64([0])]);
      const target = e.int64([height, width]);
      if (fit === 'stretch') {
        const whole = resize(e, planes, target, 'stretch');
        e.node('Reshape', [whole, e.int64([1, 3, height, width])], e.outputs);
        return;
      }
      const scaled = resize(e, planes, target, 'not_larger');
      const size = one('Slice', [one('Shape', [scaled]), e.int64([2]), e.int64([4])]);
      const missing = one('Sub', [target, size]);
      const pads = one('Concat', [e.int64([0, 0, 0, 0, 0, 0]), missing], { axis: 0 });
      e.node('Reshape', [one('Pad', [scaled, pads]), e.int64([1, 3, height, width])], e.outputs);
    },
    cases: () => [],
  },
  FitMap: {
    doc: 'the part of a map (1, 1, h, w) on the canvas that shows the image: all of it when stretched, the upper left when letterboxed',
    infer: ([map], { fit }) => [fit === 'stretch' ? map! : { dtype: 'float32', shape: [1, 1, -1, -1] }],
    gradient: 'none',
    onnx: (e) => {
      const [map, pixels] = e.inputs as [string, string];
      if (e.attributes.fit === 'stretch') {
        e.node('Identity', [map], e.outputs);
        return;
      }
      const [h, w] = e.inputTypes[0]!.shape.slice(2) as [number, number];
      const one = (op: string, inputs: string[], attributes = {}): string => e.node(op, inputs, 1, attributes)[0]!;
      // the same rounding as Resize with 'not_larger': scale = min(h / H, w / W), size = round(scale * size)
      const size = one('Cast', [one('Slice', [one('Shape', [pixels]), e.int64([0]), e.int64([2])])], { to: 1 });
      const scale = one('ReduceMin', [one('Div', [e.float32([h, w]), size]), e.int64([0])], { keepdims: 1 });
      const shown = one('Floor', [one('Add', [one('Mul', [size, scale]), e.float32([0.5], true)])]);
      const ends = one('Cast', [shown], { to: 7 });
      e.node('Slice', [map, e.int64([0, 0]), ends, e.int64([2, 3])], e.outputs);
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
