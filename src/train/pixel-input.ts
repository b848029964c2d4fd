/** Where pixels enter a graph: values of 8 bits as they are, deeper ones by a range that becomes part of the model. */
import type { Image, Pixels } from '../data/image/raster.ts';
import type { ValueRange } from '../data/image/value-range.ts';
import { clip, mul, sub } from '../engine/builders.ts';
import type { Graph, Value } from '../engine/graph.ts';
import type { Feed } from '../engine/runtime/onnxruntime.ts';

/**
 * Declares the input `pixels` (H, W, 3): uint8, or float32 where there is a range, of any depth. Gives values of 0..255, those of float32
 * cut off at both ends of the range and not rounded, so that nothing of 12 or 16 bits is lost.
 */
export function pixelInput(graph: Graph, range?: ValueRange): Value {
  if (!range) return graph.input('pixels', [-1, -1, 3], 'uint8');
  const { low, high } = range;
  return clip(mul(sub(graph.input('pixels', [-1, -1, 3], 'float32'), low), 255 / (high - low)), 0, 255);
}

/** An RGB image as the input takes it: bytes, or float32 where there is a range. */
export function pixelFeed({ width, height, data }: Image<Pixels>, range: ValueRange | undefined): Feed {
  const shape = [height, width, 3];
  if (!range) return { shape, data: data as Uint8Array<ArrayBuffer> };
  return { shape, data: data instanceof Float32Array ? (data as Float32Array<ArrayBuffer>) : Float32Array.from(data) };
}
