/** Payloads of Sparkplug B 3.0 (ISO/IEC 20237), as far as felfri writes and reads them: metrics by their names, without aliases. */
import protobuf from 'protobufjs';

const source = `
syntax = "proto2";
package sparkplug;
message Metric {
  optional string name = 1; optional uint64 timestamp = 3; optional uint32 datatype = 4; optional bool is_historical = 5; optional bool is_null = 7;
  optional uint32 int_value = 10; optional uint64 long_value = 11; optional double double_value = 13; optional bool boolean_value = 14;
  optional string string_value = 15;
}
message Payload { optional uint64 timestamp = 1; repeated Metric metrics = 2; optional uint64 seq = 3; }
`;

const payloadType = protobuf.parse(source, { keepCase: true }).root.lookupType('sparkplug.Payload');

/** By the names of the specification: number of the type, and the field that holds a value. */
const types = {
  Int32: [3, 'int_value'],
  Int64: [4, 'long_value'],
  Double: [10, 'double_value'],
  Boolean: [11, 'boolean_value'],
  String: [12, 'string_value'],
} as const;

export type MetricType = keyof typeof types;

export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  /** Whole numbers are not below 0. */
  readonly value: string | number | boolean | null;
}

interface Payload {
  readonly metrics: readonly Metric[];
  /** Milliseconds; of when the values were so. */
  readonly at: number;
  /** 0 to 255; a death has none. */
  readonly seq?: number;
  /** Whether this was before the birth that readers know, so that it is no present value. */
  readonly isHistorical?: boolean;
}

export function encodePayload({ metrics, at, seq, isHistorical }: Payload): Buffer {
  const made = metrics.map(({ name, type, value }) => {
    const [datatype, field] = types[type];
    const known = value === null ? { is_null: true } : { [field]: value };
    return { name, timestamp: at, datatype, ...(isHistorical && { is_historical: true }), ...known };
  });
  const message = payloadType.fromObject({ timestamp: Date.now(), metrics: made, ...(seq !== undefined && { seq }) });
  return Buffer.from(payloadType.encode(message).finish());
}

/** Names of the metrics that a command sets to true. Throws where it is none. */
export function switchedOn(command: Uint8Array): string[] {
  const { metrics = [] } = payloadType.toObject(payloadType.decode(command)) as {
    metrics?: { name?: string; boolean_value?: boolean }[];
  };
  return metrics.flatMap(({ name, boolean_value }) => (name !== undefined && boolean_value === true ? [name] : []));
}
