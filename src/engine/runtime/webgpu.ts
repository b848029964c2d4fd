/**
 * What onnxruntime's WebGPU lacks is said by what it has, or left to the processor: it takes such a node, and fails at it, unless it is told
 * the node's name.
 */
import { readFile } from 'node:fs/promises';
import type { OnnxNode } from '../onnx/schema.ts';
import { withoutPositions } from './unpooling.ts';

const whole = ({ attribute = [] }: OnnxNode, name: string): number => Number(attribute.find((a) => a.name === name)?.i);

/** Positions of largest values, and scaling with a filter as wide as the scale. */
const isMissing = (node: OnnxNode): boolean =>
  (node.op_type === 'MaxPool' && (node.output[1] ?? '') !== '') ||
  (node.op_type === 'Resize' && whole(node, 'antialias') === 1);

/** The same model without what can be done without, and with a name for each node that WebGPU lacks still, and these names. */
export async function forWebgpu(model: Uint8Array | string): Promise<{ model: Uint8Array; processorNodes: string[] }> {
  // loaded here, as only this device needs it
  const { decodeModel, encodeModel } = await import('../onnx/schema.ts');
  const given = decodeModel(typeof model === 'string' ? await readFile(model) : model);
  const decoded = { ...given, graph: withoutPositions(given.graph) };
  const processorNodes: string[] = [];
  for (const node of decoded.graph.node) {
    if (!isMissing(node)) continue;
    node.name = `processor.${processorNodes.length}`;
    processorNodes.push(node.name);
  }
  return { model: encodeModel(decoded), processorNodes };
}
