/**
 * EfficientNet weights that a formula makes from a tensor's name, so that large networks are checked without their weights:
 * h = FNV-1a(name); u_i = frac(sin((i % 65521 + 1) 12.9898 + h / 2^32 78.233) 43758.5453), scaled by what the tensor is.
 */

import { type NamedTensors, sizeOf, tensor } from '../src/core/tensor.ts';
import {
  type EfficientNetVariant,
  efficientNetArchitecture,
  layersOf,
} from '../src/detectors/backbones/efficientnet-architecture.ts';
import { namingSchemes, tensorsOf } from '../src/detectors/backbones/efficientnet-naming.ts';

const period = 65521;

function hash(name: string): number {
  let h = 2166136261;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 16777619) >>> 0;
  return h;
}

function scaled(name: string, shape: readonly number[]): (u: number) => number {
  if (name.endsWith('running_var')) return (u) => 0.5 + u;
  if (name.endsWith('running_mean') || name.endsWith('bias')) return (u) => 0.2 * (u - 0.5);
  if (shape.length === 1) return (u) => 0.5 + u;
  const reach = 2 * Math.sqrt(3 / sizeOf(shape.slice(1)));
  return (u) => (u - 0.5) * reach;
}

function formulaTensor(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(sizeOf(shape));
  const phase = (hash(name) / 2 ** 32) * 78.233;
  const value = scaled(name, shape);
  for (let i = 0; i < Math.min(data.length, period); i++) {
    const s = Math.sin((i + 1) * 12.9898 + phase) * 43758.5453;
    data[i] = value(s - Math.floor(s));
  }
  for (let i = period; i < data.length; i += period) data.copyWithin(i, 0, period);
  return data;
}

/** The formula's weights (which go by efficientnet_pytorch's names) under the names of a scheme. */
export function formulaWeights(variant: EfficientNetVariant, schemeName = 'efficientnet_pytorch'): NamedTensors {
  const own = namingSchemes.find((s) => s.name === 'efficientnet_pytorch')!;
  const scheme = namingSchemes.find((s) => s.name === schemeName)!;
  const tensors: NamedTensors = new Map();
  for (const layer of layersOf(efficientNetArchitecture(variant))) {
    const wanted = tensorsOf(scheme, layer);
    for (const [i, [name, shape]] of tensorsOf(own, layer).entries()) {
      tensors.set(wanted[i]![0], tensor(shape, formulaTensor(name, shape)));
    }
  }
  return tensors;
}
