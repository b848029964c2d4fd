/**
 * The messages of ONNX's protobuf format (onnx.proto, IR version 8), for protobufjs. Complete for models that are read and written
 * again: what the schema lacks would be dropped on the way.
 */
import protobuf from 'protobufjs';

const source = `
syntax = "proto3";
package onnx;
message StringStringEntryProto { string key = 1; string value = 2; }
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; GraphProto g = 6;
  repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; repeated TensorProto tensors = 10;
  repeated GraphProto graphs = 11; string doc_string = 13; TypeProto tp = 14; repeated TypeProto type_protos = 15;
  int32 type = 20; string ref_attr_name = 21; SparseTensorProto sparse_tensor = 22; repeated SparseTensorProto sparse_tensors = 23;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; string doc_string = 3; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5;
  string doc_string = 6; string domain = 7;
}
message TensorAnnotation { string tensor_name = 1; repeated StringStringEntryProto quant_parameter_tensor_names = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; string doc_string = 10;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; repeated ValueInfoProto value_info = 13;
  repeated TensorAnnotation quantization_annotation = 14; repeated SparseTensorProto sparse_initializer = 15;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message FunctionProto {
  string name = 1; repeated string input = 4; repeated string output = 5; repeated string attribute = 6; repeated NodeProto node = 7;
  string doc_string = 8; repeated OperatorSetIdProto opset_import = 9; string domain = 10; repeated AttributeProto attribute_proto = 11;
}
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; string domain = 4; int64 model_version = 5;
  string doc_string = 6; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14; repeated FunctionProto functions = 25;
}
message TensorProto {
  message Segment { int64 begin = 1; int64 end = 2; }
  repeated int64 dims = 1; int32 data_type = 2; Segment segment = 3; repeated float float_data = 4; repeated int32 int32_data = 5;
  repeated bytes string_data = 6; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; repeated double double_data = 10;
  repeated uint64 uint64_data = 11; string doc_string = 12; repeated StringStringEntryProto external_data = 13; int32 data_location = 14;
}
message SparseTensorProto { TensorProto values = 1; TensorProto indices = 2; repeated int64 dims = 3; }
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } string denotation = 3; }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  message Sequence { TypeProto elem_type = 1; }
  message Map { int32 key_type = 1; TypeProto value_type = 2; }
  message Optional { TypeProto elem_type = 1; }
  message SparseTensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; Sequence sequence_type = 4; Map map_type = 5; SparseTensor sparse_tensor_type = 8; Optional optional_type = 9; }
  string denotation = 6;
}
`;

const root = protobuf.parse(source, { keepCase: true }).root;
const modelType = root.lookupType('onnx.ModelProto');

/** An AttributeProto; `type` is 1 FLOAT, 2 INT, 3 STRING, 4 TENSOR, 6 FLOATS, 7 INTS. */
export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  floats?: number[];
  ints?: number[];
  t?: OnnxTensor;
  tensors?: OnnxTensor[];
  g?: object;
  graphs?: object[];
  sparse_tensor?: object;
  sparse_tensors?: object[];
}

export interface OnnxNode {
  op_type: string;
  name?: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute?: OnnxAttribute[];
}

export interface OnnxTensor {
  name: string;
  dims: number[];
  data_type: number;
  raw_data?: Uint8Array;
  float_data?: ArrayLike<unknown>;
  int32_data?: ArrayLike<unknown>;
  int64_data?: ArrayLike<unknown>;
  double_data?: ArrayLike<unknown>;
  uint64_data?: ArrayLike<unknown>;
  /** 1 when the values lie in another file. */
  data_location?: number;
  /** Where in that file. */
  external_data?: object[];
}

interface OnnxDimension {
  dim_value?: number;
  dim_param?: string;
}

export interface OnnxValueInfo {
  name: string;
  /** Without `tensor_type` it is no tensor; without `shape` its rank is unknown. */
  type: { tensor_type?: { elem_type: number; shape?: { dim: OnnxDimension[] } } };
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  value_info?: OnnxValueInfo[];
  sparse_initializer?: object[];
}

export interface OnnxModel {
  ir_version: number;
  producer_name: string;
  producer_version?: string;
  opset_import: { domain: string; version: number }[];
  graph: OnnxGraph;
  functions?: object[];
}

/** The bytes of a model; at most 2 GB, a limit of protobuf. */
export function encodeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  return modelType.encode(model as unknown as { [k: string]: unknown }).finish() as Uint8Array<ArrayBuffer>;
}

/** Reads a model. Its 64-bit integers are objects: convert with Number(). Throws when the bytes are no protobuf. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  return modelType.decode(bytes) as unknown as OnnxModel;
}
