/** The states that a model keeps by their names (`FixedParameters.state`): read from it, put into it, and what is compared with them. */
import type { NamedTensors, Tensor } from '../../core/tensor.ts';
import { stateName } from '../parameters.ts';
import type { OnnxModel, OnnxTensor } from './schema.ts';

const FLOAT = 1;

function tensorOf({ dims, raw_data }: OnnxTensor): Tensor {
  // a copy lies where floats may begin
  const { buffer } = Uint8Array.from(raw_data ?? []);
  return { shape: dims.map(Number), data: new Float32Array(buffer) };
}

/** A state by its name; undefined where the model keeps none of it, as those of before states were named. */
export function stateOf({ graph }: OnnxModel, name: string): Tensor | undefined {
  const found = graph.initializer.find((tensor) => tensor.name === stateName(name));
  return found && tensorOf(found);
}

/** The model with other values of some states, of the same shapes. */
export function withStates(model: OnnxModel, states: NamedTensors): OnnxModel {
  const others = new Map([...states].map(([name, { data }]) => [stateName(name), data]));
  const initializer = model.graph.initializer.map((tensor) => {
    const data = others.get(tensor.name);
    if (!data) return tensor;
    return { ...tensor, raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  });
  return { ...model, graph: { ...model.graph, initializer } };
}

/** Name of the value from which a state, or its first row, is subtracted; undefined where there is none. */
export function comparedWith({ graph }: OnnxModel, name: string): string | undefined {
  const rows = graph.node.filter(({ op_type, input }) => op_type === 'Slice' && input[0] === stateName(name));
  const subtracted = new Set([stateName(name), ...rows.flatMap(({ output }) => output)]);
  return graph.node.find(({ op_type, input }) => op_type === 'Sub' && subtracted.has(input[1]!))?.input[0];
}

/** The model with outputs more: float values within it, by their names. */
export function withOutputs(model: OnnxModel, names: readonly string[]): OnnxModel {
  const more = names.map((name) => ({ name, type: { tensor_type: { elem_type: FLOAT } } }));
  return { ...model, graph: { ...model.graph, output: [...model.graph.output, ...more] } };
}
