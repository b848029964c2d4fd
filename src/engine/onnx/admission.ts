/**
 * What a model from outside may consist of: operators of the table, values within the file, sizes within bounds. One check for the models of
 * bundles, which onnxruntime gets as they are, and for the parts of an ONNX file that become part of a graph of ours.
 */
import { isAdmitted } from './admitted-operators.ts';
import { requireModestSizes } from './asked-sizes.ts';
import { newestOpset, oldestOpset } from './opset.ts';
import { decodeModel, type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor } from './schema.ts';
import { requirePlainModel } from './wire.ts';

/** The error of a reason, in words that follow the name of the model. */
export type Refuse = (why: string) => Error;

/** Bits of a value of each element type of ONNX that opset 18 knows, by its number; texts have none. */
const bitsOf: Readonly<Record<number, number>> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16 },
};

/** Most values of one weight. */
const MOST_VALUES = 2 ** 29;
const MOST_RANK = 16;
const MOST_OPERATORS = 50_000;

/** Throws unless the values of a tensor are all in the file, as many as its dimensions say. */
export function requireOwnValues(tensor: OnnxTensor, refuse: Refuse): void {
  const { name = '', dims = [], data_type, data_location, external_data = [] } = tensor;
  if (data_location || external_data.length > 0)
    throw refuse(`its weight ${name} lies in another file; save the model as one file`);
  const bits = bitsOf[data_type];
  if (bits === undefined)
    throw refuse(
      `its weight ${name} has element type ${data_type}, which opset 18 does not know; export with opset 18`,
    );
  const sizes = dims.map(Number);
  const values = sizes.reduce((a, b) => a * b, 1);
  if (sizes.length > MOST_RANK || !sizes.every((d) => Number.isInteger(d) && d >= 0) || values > MOST_VALUES)
    throw refuse(`its weight ${name} has the dimensions [${sizes.slice(0, MOST_RANK)}], which is too much`);
  const { raw_data, float_data, int32_data, int64_data, double_data, uint64_data } = tensor;
  const listed = [float_data, int32_data, int64_data, double_data, uint64_data].reduce(
    (n, a) => n + (a?.length ?? 0),
    0,
  );
  // complex numbers are two each in a list
  const fits = raw_data?.length
    ? raw_data.length * 8 === values * bits && listed === 0
    : listed === values || listed === 2 * values;
  if (!fits) throw refuse(`its weight ${name} has other than the ${values} values that its dimensions say`);
}

function tensorsOf({ t, tensors = [] }: OnnxAttribute): OnnxTensor[] {
  return t ? [t, ...tensors] : tensors;
}

/** Throws unless a node is an operator of ONNX itself that is admitted, without graphs and with its values in the file. */
export function requireAdmittedNode({ op_type: op, domain, attribute = [] }: OnnxNode, refuse: Refuse): void {
  if (domain && domain !== 'ai.onnx')
    throw refuse(`its operator ${op} is of the domain ${domain}; legal are ONNX's own operators`);
  if (attribute.some((a) => a.g || a.graphs?.length))
    throw refuse(`its operator ${op} holds a graph of its own; legal are models without branches and loops`);
  if (!isAdmitted(op))
    throw refuse(`its operator ${op} is none that felfri takes; legal are those that compute numbers from numbers`);
  for (const one of attribute) {
    if (one.sparse_tensor || one.sparse_tensors?.length)
      throw refuse(`its operator ${op} has sparse weights; export it with dense ones`);
    for (const tensor of tensorsOf(one)) requireOwnValues(tensor, refuse);
  }
}

function decoded(bytes: Uint8Array, refuse: Refuse): OnnxModel {
  try {
    return decodeModel(bytes);
  } catch {
    // such as a name that is no UTF-8
    throw refuse('it is no ONNX model, or a damaged one');
  }
}

/**
 * The model of some bytes, once nothing in them is left that onnxruntime could take for more than arithmetic. Throws what `refuse` makes of the
 * first reason against it.
 */
export function admitModel(bytes: Uint8Array, refuse: Refuse): OnnxModel {
  requirePlainModel(bytes, refuse);
  const model = decoded(bytes, refuse);
  const { graph, opset_import } = model;
  const opset = Number(opset_import.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0);
  if (opset < oldestOpset || opset > newestOpset)
    throw refuse(`its opset is ${opset}; legal are ${oldestOpset} to ${newestOpset}`);
  if (graph.node.length > MOST_OPERATORS)
    throw refuse(`it has ${graph.node.length} operators; legal are ${MOST_OPERATORS}`);
  for (const tensor of graph.initializer) requireOwnValues(tensor, refuse);
  for (const node of graph.node) requireAdmittedNode(node, refuse);
  requireModestSizes(graph, refuse);
  return model;
}
