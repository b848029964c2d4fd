/** What of a model is computed in 8 bits: which convolutions, and which tensors have an 8-bit form. */
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './schema.ts';

const FLOAT = 1;

/**
 * Channels in and out below which a convolution stays in float: it costs little, and its first or last digits decide. So does a 1x1 one, which is
 * not faster in 8 bits once its input is quantised (docs/experiments/speed.md).
 */
const FEWEST_CHANNELS = 8;

/** What may read the 8-bit form of a tensor; anything else reads the float one. */
export const readers = new Set(['Conv', 'ConvTranspose', 'MaxPool', 'Concat']);

export interface Plan {
  readonly convolutions: ReadonlySet<OnnxNode>;
  /** Tensors that get an 8-bit form; a pooled one takes the scale of what it is pooled from. */
  readonly tensors: ReadonlySet<string>;
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly weights: ReadonlyMap<string, OnnxTensor>;
}

const groupOf = ({ attribute }: OnnxNode): number => Number(attribute?.find(({ name }) => name === 'group')?.i ?? 1);

export function planOf({ node, initializer }: OnnxGraph): Plan {
  const weights = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const producers = new Map(node.flatMap((n) => n.output.map((name) => [name, n] as const)));
  const convolutions = new Set(
    node.filter((n) => {
      const weight = n.op_type === 'Conv' && groupOf(n) === 1 ? weights.get(n.input[1]!) : undefined;
      return (
        weight?.data_type === FLOAT &&
        Number(weight.dims[2]) > 1 &&
        Math.min(Number(weight.dims[0]), Number(weight.dims[1])) >= FEWEST_CHANNELS
      );
    }),
  );
  const tensors = new Set<string>();
  const add = (name: string): void => {
    if (tensors.has(name) || weights.has(name)) return;
    tensors.add(name);
    const producer = producers.get(name);
    if (producer?.op_type === 'Concat') producer.input.forEach(add);
    if (producer?.op_type === 'MaxPool') add(producer.input[0]!);
  };
  const consumers = (name: string): OnnxNode[] => node.filter(({ input }) => input.includes(name));
  for (const { input, output } of convolutions) {
    add(input[0]!);
    // what comes out is 8 bits too where nothing needs it in float: only then is the convolution computed in integers
    const [next, ...more] = consumers(output[0]!);
    const result = next?.op_type === 'Relu' && more.length === 0 ? next.output[0]! : output[0]!;
    const reading = consumers(result);
    if (reading.length > 0 && reading.every(({ op_type }) => readers.has(op_type))) add(result);
  }
  return { convolutions, tensors, producers, weights };
}

/** Whether the tensor has a range of its own. */
export const isMeasured = (name: string, { producers }: Plan): boolean => producers.get(name)?.op_type !== 'MaxPool';

/** How many convolutions `quantise` would compute in 8 bits, and how many there are. */
export function convolutionCounts({ graph }: OnnxModel): { convolutions: number; allConvolutions: number } {
  const all = graph.node.filter(({ op_type }) => op_type === 'Conv' || op_type === 'ConvTranspose').length;
  return { convolutions: planOf(graph).convolutions.size, allConvolutions: all };
}

/** The tensors whose ranges `quantise` needs. */
export function measuredTensors({ graph }: OnnxModel): string[] {
  const plan = planOf(graph);
  return [...plan.tensors].filter((name) => isMeasured(name, plan));
}
