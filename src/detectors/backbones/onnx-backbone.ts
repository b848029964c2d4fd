/** Any network in an ONNX file as a backbone: its nodes become part of the graph, so that a bundle stays one model. */
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';
import { concat, foreign } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import { type ForeignModel, foreignModelAlone, readForeignModel } from '../../engine/onnx/foreign-model.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import type { Backbone } from './backbone.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type ColourStatistics, imageNetColours, normaliseImage } from './normalise-image.ts';

export interface OnnxBackboneOptions {
  /** Path of the file: one input (1, 3, height, width) of float32, opset 13 to 21, weights inside. */
  readonly file: string;
  /** Values of the model that are feature maps (N, C, h, w); may be left out when it has one output. */
  readonly outputs?: readonly string[];
  /** What the network was trained on; default ImageNet's. */
  readonly colours?: ColourStatistics;
}

/** Channels of an output, and pixels of the image per position. */
interface OutputSize {
  readonly channels: number;
  readonly stride: number;
}

/** Sizes on which a model of any size is tried; multiples of every usual stride. */
const trials = [
  [128, 192],
  [256, 128],
] as const;

const invalid = (file: string, why: string, cause?: unknown): FelfriError =>
  new FelfriError('MODEL_INVALID', `${file}: ${why}`, { subject: file, cause });

/** Runs the model on grey images to learn the size of each output. */
async function outputSizes(model: ForeignModel, file: string): Promise<OutputSize[]> {
  const [n, c, h, w] = model.inputShape;
  const { length: rank } = model.inputShape;
  if ((rank !== 0 && rank !== 4) || (n ?? 1) !== 1 || (c ?? 3) !== 3) {
    const declared = model.inputShape.map((d) => d ?? '?').join(', ');
    throw invalid(file, `its input ${model.input} is (${declared}); legal is an image (1, 3, height, width)`);
  }
  const session = await Session.create(foreignModelAlone(model)).catch((error: Error) => {
    throw invalid(file, `onnxruntime cannot load it: ${error.message}`, error);
  });
  try {
    const shapes: { size: readonly [number, number]; outputs: readonly (readonly number[])[] }[] = [];
    for (const [height, width] of trials) {
      const size = [h ?? height, w ?? width] as const;
      const image = { shape: [1, 3, ...size], data: new Float32Array(3 * size[0] * size[1]) };
      const found = await session.run({ [model.input]: image }, model.outputs).catch((error: Error) => {
        throw invalid(file, `it does not run on an image of ${size[0]} x ${size[1]} pixels: ${error.message}`, error);
      });
      shapes.push({ size, outputs: model.outputs.map((name) => found[name]!.shape) });
    }
    return model.outputs.map((name, i) =>
      sizeOf(
        file,
        name,
        shapes.map(({ size, outputs }) => ({ size, shape: outputs[i]! })),
      ),
    );
  } finally {
    await session.release();
  }
}

/** The stride that explains an output's shape on every trial. */
function sizeOf(
  file: string,
  name: string,
  found: readonly { size: readonly [number, number]; shape: readonly number[] }[],
): OutputSize {
  const { size: first, shape } = found[0]!;
  const stride = first[0] / shape[2]!;
  const fits = found.every(
    ({ size: [h, w], shape: s }) =>
      s.length === 4 && s[0] === 1 && s[1] === shape[1] && s[2]! * stride === h && s[3]! * stride === w,
  );
  if (!fits || !Number.isInteger(stride)) {
    const said = found.map(({ size, shape: s }) => `(${s.join(', ')}) for ${size.join(' x ')} pixels`).join(' and ');
    throw invalid(
      file,
      `its output ${name} is ${said}; legal is a feature map (1, channels, height / k, width / k) with one whole number k`,
    );
  }
  return { channels: shape[1]!, stride };
}

/**
 * Opens an ONNX file as a backbone. Several outputs are resampled bilinearly to the first one's size and joined over channels.
 * Throws MODEL_INVALID when the file cannot be used, saying why and what is legal, and OPTION_INVALID for its outputs.
 * `features` throws OPTION_INVALID for an image of a size that the file does not take.
 */
export async function onnxBackbone(options: OnnxBackboneOptions): Promise<Backbone> {
  const { file, colours = imageNetColours } = options;
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw invalid(file, `it cannot be read (${error.code ?? error.message}); check the path`, error);
  });
  const model = readForeignModel(bytes, file, options.outputs);
  const sizes = await outputSizes(model, file);
  return {
    name: `onnx:${file}`,
    licence: 'unknown',
    fingerprint: fingerprintOf({ network: 'onnx', model, colours }),
    channels: sizes.reduce((sum, { channels }) => sum + channels, 0),
    stride: sizes[0]!.stride,
    features: (image) => {
      checkImage(image, model, sizes, file);
      const [n, , h, w] = image.shape as [number, number, number, number];
      const shapes = sizes.map(({ channels, stride }) => [n, channels, h / stride, w / stride]);
      const [first, ...others] = foreign(normaliseImage(image, colours), model, shapes) as [Value, ...Value[]];
      const [height, width] = first.shape.slice(2) as [number, number];
      const alike = (map: Value): Value =>
        map.shape[2] === height && map.shape[3] === width ? map : resizeBilinear(map, height, width);
      return concat([first, ...others.map(alike)], 1);
    },
  };
}

function checkImage({ shape }: Value, { inputShape }: ForeignModel, sizes: readonly OutputSize[], file: string): void {
  const [n, , h, w] = shape as [number, number, number, number];
  const fail = (what: string): never => {
    throw new FelfriError('OPTION_INVALID', `${file}: ${what}`, { subject: 'canvas' });
  };
  const [batch, , height, width] = inputShape;
  if (batch !== undefined && n !== batch) fail(`it takes ${batch} image at a time, not ${n}`);
  if ((height ?? h) !== h || (width ?? w) !== w) {
    fail(
      `it takes images of ${height ?? 'any'} x ${width ?? 'any'} pixels, not ${h} x ${w}; a canvas is seen at several scales, ` +
        'so export the model with height and width open',
    );
  }
  const unit = Math.max(...sizes.map((s) => s.stride));
  if (h % unit !== 0 || w % unit !== 0) {
    fail(`at one of its scales the canvas has ${h} x ${w} pixels; both must be multiples of ${unit}`);
  }
}
