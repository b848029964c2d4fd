/** The fields of ONNX's protobuf messages that a file may have, and those it may not, with the reason. */

type Kind = 'number' | 'numbers' | 'fixed32' | 'fixed32s' | 'fixed64s' | 'text' | 'raw' | MessageName;

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Whether it may be there more than once. */
  readonly many: boolean;
}

/** A field that a file may not have, with the reason. */
export interface Refused {
  readonly refused: string;
}

export type MessageName = keyof typeof messages;

const one = <K extends string>(name: string, kind: K) => ({ name, kind, many: false });
const many = <K extends string>(name: string, kind: K) => ({ name, kind, many: true });
const no = (refused: string): Refused => ({ refused });

const graphs = no('an operator holds a graph of its own (branches, loops)');
export const elsewhere = no('values lie in another file');
const sparse = no('it has sparse weights');
const noTensor = no('a value is no tensor');

/** onnx.proto, IR versions 3 to 11, by field numbers. */
export const messages = {
  Model: {
    1: one('ir_version', 'number'),
    2: one('producer_name', 'text'),
    3: one('producer_version', 'text'),
    4: one('domain', 'text'),
    5: one('model_version', 'number'),
    6: one('doc_string', 'text'),
    7: one('graph', 'Graph'),
    8: many('opset_import', 'OperatorSet'),
    14: many('metadata_props', 'Entry'),
    20: no('it holds a training'),
    25: no('it has functions of its own'),
    26: no('it is made for several devices'),
  },
  OperatorSet: { 1: one('domain', 'text'), 2: one('version', 'number') },
  Entry: { 1: one('key', 'text'), 2: one('value', 'text') },
  Graph: {
    1: many('node', 'Node'),
    2: one('name', 'text'),
    5: many('initializer', 'Tensor'),
    10: one('doc_string', 'text'),
    11: many('input', 'ValueInfo'),
    12: many('output', 'ValueInfo'),
    13: many('value_info', 'ValueInfo'),
    14: many('quantization_annotation', 'Annotation'),
    15: sparse,
    16: many('metadata_props', 'Entry'),
  },
  Annotation: { 1: one('tensor_name', 'text'), 2: many('quant_parameter_tensor_names', 'Entry') },
  Node: {
    1: many('input', 'text'),
    2: many('output', 'text'),
    3: one('name', 'text'),
    4: one('op_type', 'text'),
    5: many('attribute', 'Attribute'),
    6: one('doc_string', 'text'),
    7: one('domain', 'text'),
    8: no('an operator has an overload, so it is a function'),
    9: many('metadata_props', 'Entry'),
    10: no('it is made for several devices'),
  },
  Attribute: {
    1: one('name', 'text'),
    2: one('f', 'fixed32'),
    3: one('i', 'number'),
    4: one('s', 'text'),
    5: one('t', 'Tensor'),
    6: graphs,
    7: many('floats', 'fixed32s'),
    8: many('ints', 'numbers'),
    9: many('strings', 'text'),
    10: many('tensors', 'Tensor'),
    11: graphs,
    13: one('doc_string', 'text'),
    14: noTensor,
    15: noTensor,
    20: one('type', 'number'),
    21: no('an operator is part of a function'),
    22: sparse,
    23: sparse,
  },
  Tensor: {
    1: many('dims', 'numbers'),
    2: one('data_type', 'number'),
    3: no('a tensor is in segments'),
    4: many('float_data', 'fixed32s'),
    5: many('int32_data', 'numbers'),
    6: no('it holds texts'),
    7: many('int64_data', 'numbers'),
    8: one('name', 'text'),
    9: one('raw_data', 'raw'),
    10: many('double_data', 'fixed64s'),
    11: many('uint64_data', 'numbers'),
    12: one('doc_string', 'text'),
    13: elsewhere,
    14: one('data_location', 'number'),
    16: many('metadata_props', 'Entry'),
  },
  ValueInfo: {
    1: one('name', 'text'),
    2: one('type', 'Type'),
    3: one('doc_string', 'text'),
    4: many('metadata_props', 'Entry'),
  },
  Type: {
    1: one('tensor_type', 'TensorType'),
    4: noTensor,
    5: noTensor,
    6: one('denotation', 'text'),
    8: noTensor,
    9: noTensor,
  },
  TensorType: { 1: one('elem_type', 'number'), 2: one('shape', 'Shape') },
  Shape: { 1: many('dim', 'Dimension') },
  Dimension: { 1: one('dim_value', 'number'), 2: one('dim_param', 'text'), 3: one('denotation', 'text') },
} as const satisfies Record<string, Readonly<Record<number, { name: string; kind: string; many: boolean } | Refused>>>;

export const isMessage = (kind: Kind): kind is MessageName => Object.hasOwn(messages, kind);
