/** Models as somebody who means harm would make them. */
import { encodeModel, type OnnxGraph, type OnnxModel } from '../../src/engine/onnx/schema.ts';
import { info, node, weight } from '../onnx-file.ts';

/** A model of pixels (H, W, 3) with the outputs that a bundle's has. */
export function hostile(graph: Partial<OnnxGraph>, rest: Partial<OnnxModel> = {}): Uint8Array {
  return encodeModel({
    ir_version: 8,
    producer_name: 'test',
    opset_import: [{ domain: '', version: 18 }],
    graph: {
      name: 'g',
      node: [],
      initializer: [],
      input: [info('pixels', ['h', 'w', 3], 2)],
      output: [info('score', []), info('map', [1, 1, 'a', 'b'])],
      ...graph,
    },
    ...rest,
  });
}

export const made = [node('Identity', ['s'], ['score']), node('Identity', ['m'], ['map'])];
export const numbers = [weight('s', [], () => 0), weight('m', [1, 1, 2, 2], () => 0)];
const outside = { data_location: 1, external_data: [{ key: 'location', value: 'package.json' }] };
export const tensorOutside = { name: 't', dims: [4], data_type: 2, ...outside };

/** The bytes of fields of protobuf: tag and, for those with a length, content. */
export const field = (number: number, content: Uint8Array): Uint8Array => {
  const length: number[] = [];
  for (let n = content.length; ; n >>= 7) {
    length.push(n < 128 ? n : (n & 127) | 128);
    if (n < 128) break;
  }
  return Uint8Array.from([
    ...(number > 15 ? [((number * 8 + 2) & 127) | 128, number >> 4] : [number * 8 + 2]),
    ...length,
    ...content,
  ]);
};
export const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

export const constantOf = (dims: number[], values: bigint[]) => ({
  name: 'size',
  dims,
  data_type: 7,
  raw_data: new Uint8Array(BigInt64Array.from(values).buffer),
});

/** Golden outputs of one image, written as safetensors by hand. */
export function outputs(score: number): Uint8Array {
  const header = Buffer.from(
    JSON.stringify({
      '0/score': { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      '0/map': { dtype: 'F32', shape: [1, 1, 2, 2], data_offsets: [4, 20] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return joined(length, header, new Uint8Array(Float32Array.of(score, 0, 0, 0, 0).buffer));
}
