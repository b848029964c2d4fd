/**
 * From a photo of any size to a canvas of one size, and back from a map on the canvas to the image. Inside the graph, so that a
 * bundle and the training that made it cannot disagree about pixels.
 *
 * Antialiased bilinear resampling (the triangle filter widened by the scale when shrinking, half-pixel centres): what Pillow's
 * BILINEAR does, without its rounding to whole grey levels.
 */
import type { Emission, EmittedOperator, OnnxAttributes, OperatorTable } from './operator.ts';
import { requireShape } from './operator.ts';

type One = (op: EmittedOperator, inputs: string[], attributes?: OnnxAttributes) => string;

const one =
  (e: Emission<unknown>): One =>
  (op, inputs, attributes = {}) =>
    e.node(op, inputs, 1, attributes)[0]!;

/**
 * Emits the size (int64 [2]) that pixels (H, W, 3) take on a canvas when scaled as a whole: sides times min(height / H, width / W),
 * rounded, and at least 1, so that a line of pixels stays a line.
 */
function letterboxSize(e: Emission<unknown>, pixels: string, height: number, width: number): string {
  const emit = one(e);
  const size = emit('Cast', [emit('Slice', [emit('Shape', [pixels]), e.int64([0]), e.int64([2])])], { to: 1 });
  const scale = emit('ReduceMin', [emit('Div', [e.float32([height, width]), size]), e.int64([0])], { keepdims: 1 });
  const rounded = emit('Floor', [emit('Add', [emit('Mul', [size, scale]), e.float32([0.5], true)])]);
  return emit('Cast', [emit('Max', [rounded, e.float32([1], true)])], { to: 7 });
}

export const image = {
  FitImage: {
    doc: 'pixels (H, W, 3), uint8 or float32 of 0..255, to (1, 3, height, width) float32 in 0..255: stretched, or scaled as a whole into the upper left with zeros beside it (letterbox)',
    infer: ([pixels], { height, width }) => {
      requireShape(
        (pixels!.dtype === 'uint8' || pixels!.dtype === 'float32') &&
          pixels!.shape.length === 3 &&
          pixels!.shape[2] === 3,
        () => `FitImage: needs uint8 or float32 (H, W, 3), got ${pixels!.dtype} [${pixels!.shape}]`,
      );
      return [{ dtype: 'float32', shape: [1, 3, height, width] }];
    },
    gradient: 'none',
    onnx: (e) => {
      const { height, width, fit } = e.attributes;
      const emit = one(e);
      const canvas = e.int64([height, width]);
      const size = fit === 'stretch' ? canvas : letterboxSize(e, e.inputs[0]!, height, width);
      // a channel after the other: of a large image all three as float32 would take eight times the memory of its bytes
      const channels = [0, 1, 2].map((channel) => {
        const bytes = emit('Slice', [e.inputs[0]!, e.int64([channel]), e.int64([channel + 1]), e.int64([2])]);
        const plane = emit('Unsqueeze', [emit('Squeeze', [bytes, e.int64([2])]), e.int64([0, 1])]);
        return emit('Resize', [emit('Cast', [plane], { to: 1 }), '', '', size], {
          mode: 'linear',
          antialias: 1,
          coordinate_transformation_mode: 'half_pixel',
          // Pillow's way: the part of the filter beyond the border does not count
          exclude_outside: 1,
          axes: [2, 3],
        });
      });
      const scaled = emit('Concat', channels, { axis: 1 });
      const missing = [e.int64([0, 0, 0, 0, 0, 0]), emit('Sub', [canvas, size])];
      const whole = fit === 'stretch' ? scaled : emit('Pad', [scaled, emit('Concat', missing, { axis: 0 })]);
      e.node('Reshape', [whole, e.int64([1, 3, height, width])], e.outputs);
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
      const ends = letterboxSize(e, pixels, h, w);
      e.node('Slice', [map, e.int64([0, 0]), ends, e.int64([2, 3])], e.outputs);
    },
    cases: () => [],
  },
  ResizeTo: {
    doc: 'a map (1, C, h, w) at the height and width of another, which may be open: bilinear, half-pixel centres',
    infer: ([map, like]) => {
      requireShape(
        map!.shape.length === 4 && like!.shape.length === 4,
        () => `ResizeTo: needs two maps (1, C, h, w), got [${map!.shape}] and [${like!.shape}]`,
      );
      return [{ dtype: 'float32', shape: [...map!.shape.slice(0, 2), ...like!.shape.slice(2)] }];
    },
    gradient: 'none',
    onnx: (e) => {
      const [map, like] = e.inputs as [string, string];
      const size = one(e)('Slice', [one(e)('Shape', [like]), e.int64([2]), e.int64([4])]);
      e.node('Resize', [map, '', '', size], e.outputs, {
        mode: 'linear',
        coordinate_transformation_mode: 'half_pixel',
        axes: [2, 3],
      });
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
