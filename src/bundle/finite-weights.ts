/** Weights that are no numbers: a unit that only keeps what is above zero drops the NaN that they give, so that score and map need not show it. */
import type { Refuse } from '../engine/onnx/admission.ts';
import type { OnnxModel, OnnxTensor } from '../engine/onnx/schema.ts';

const FLOAT = 1;
const DOUBLE = 11;

function floatsOf({ data_type, raw_data, float_data, double_data }: OnnxTensor): ArrayLike<number> {
  if (!raw_data?.length) return Array.from((data_type === FLOAT ? float_data : double_data) ?? [], Number);
  // a copy lies where its kind of array may begin
  const { buffer } = Uint8Array.from(raw_data);
  return data_type === FLOAT ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** A single infinite value may be a limit, as of Clip; among weights it is none. */
function requireFinite(tensor: OnnxTensor, name: string, refuse: Refuse): void {
  if (tensor.data_type !== FLOAT && tensor.data_type !== DOUBLE) return;
  const values = floatsOf(tensor);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value) || (values.length === 1 && !Number.isNaN(value))) continue;
    throw refuse(`value ${i + 1} of ${values.length} of its weight ${name} is ${value}, so what it computes is none`);
  }
}

/** Throws what `refuse` makes of the first weight or constant of float32 or float64 with a value that is NaN or infinite. */
export function requireFiniteWeights({ graph }: OnnxModel, refuse: Refuse): void {
  for (const tensor of graph.initializer) requireFinite(tensor, tensor.name ?? '', refuse);
  for (const { op_type, output, attribute = [] } of graph.node) {
    if (op_type !== 'Constant') continue;
    for (const { t } of attribute) if (t) requireFinite(t, output[0] ?? '', refuse);
  }
}
