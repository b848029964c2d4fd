/**
 * A strict walk over the bytes of an ONNX file, without making objects of them. Protobuf leaves room for two readers to see two models in one
 * file: a field that is there twice, fields that one reader does not know, other encodings. What passes here has none of these, so that what
 * is checked is what onnxruntime runs; and it is counted before anything of its size is put into memory.
 */

import { elsewhere, type Field, isMessage, type MessageName, messages, type Refused } from './wire-fields.ts';

/** Field 14 of a tensor, checked here too: 0 says that the values are in this file. */
const HERE = 0n;

/** What a model may at most consist of. felfri's own are far below: a few thousand operators, weights as raw bytes. */
const mostOf = {
  /** Fields: names, operators, attributes, dimensions. */
  parts: 1_000_000,
  /** Bytes of all but the raw values of weights, of which objects are made. */
  otherBytes: 64 * 1024 * 1024,
} as const;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

const wireTypes: Readonly<Record<string, readonly number[]>> = {
  number: [VARINT],
  numbers: [VARINT, LENGTH],
  fixed32: [FIXED32],
  fixed32s: [FIXED32, LENGTH],
  fixed64s: [FIXED64, LENGTH],
};

/** Throws the reason, in words to follow 'the model: ', unless the bytes are those of one model that every reader reads alike. */
export function requirePlainModel(bytes: Uint8Array, refuse: (why: string) => Error): void {
  // onnxruntime takes a file with this mark for one of its own format, whatever it is besides
  if (Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ORTM')
    throw refuse("it is of onnxruntime's own format");
  const walk = new Walk(bytes, refuse);
  walk.message('Model', 0, bytes.length);
  walk.end();
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #refuse: (why: string) => Error;
  #at = 0;
  #parts = 0;
  #otherBytes: number;

  constructor(bytes: Uint8Array, refuse: (why: string) => Error) {
    this.#bytes = bytes;
    this.#refuse = refuse;
    this.#otherBytes = bytes.length;
  }

  #damaged(): Error {
    return this.#refuse('it is no ONNX model, or a damaged one');
  }

  #varint(end: number): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= end) break;
      const byte = this.#bytes[this.#at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw this.#damaged();
  }

  /** Where something of that length ends. */
  #endOf(length: bigint | number, end: number): number {
    if (BigInt(length) > BigInt(end - this.#at)) throw this.#damaged();
    return this.#at + Number(length);
  }

  message(name: MessageName, start: number, end: number): void {
    const fields: Readonly<Record<number, Field | Refused>> = messages[name];
    let seen = 0;
    this.#at = start;
    while (this.#at < end) {
      const tag = Number(this.#varint(end));
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      const field = fields[number];
      if (!field) throw this.#refuse(`its ${name} has the field ${number}, which ONNX does not define`);
      if ('refused' in field) throw this.#refuse(field.refused);
      if (++this.#parts > mostOf.parts) throw this.#refuse(`it has more than ${mostOf.parts} parts`);
      const bit = 1 << number;
      if (!field.many && seen & bit) throw this.#refuse(`its ${name} has two of ${field.name}`);
      seen |= bit;
      this.#field(field, wire, end);
    }
    if (this.#at !== end) throw this.#damaged();
    if (name === 'Model' && !(seen & (1 << 7))) throw this.#damaged();
  }

  #field({ name, kind }: Field, wire: number, end: number): void {
    if (!(wireTypes[kind] ?? [LENGTH]).includes(wire)) throw this.#damaged();
    if (wire === VARINT) {
      const value = this.#varint(end);
      if (name === 'data_location' && value !== HERE) throw this.#refuse(elsewhere.refused);
      return;
    }
    if (wire !== LENGTH) {
      this.#at = this.#endOf(wire === FIXED32 ? 4 : 8, end);
      return;
    }
    const stop = this.#endOf(this.#varint(end), end);
    if (kind === 'raw') {
      this.#otherBytes -= stop - this.#at;
    } else if (isMessage(kind)) this.message(kind, this.#at, stop);
    this.#at = stop;
  }

  /** Throws where what is no raw value takes too much. */
  end(): void {
    if (this.#otherBytes > mostOf.otherBytes)
      throw this.#refuse(`it has more than ${mostOf.otherBytes / 2 ** 20} MiB beside the raw values of its weights`);
  }
}
