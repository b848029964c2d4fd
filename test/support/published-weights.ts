/** Weights as a Python package publishes them: a pickle and numbers as PyTorch wrote them before 1.6, in a zip archive. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { NamedTensors } from '../../src/core/tensor.ts';

const int32 = (n: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeInt32LE(n);
  return out;
};
const int64 = (n: number): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigInt64LE(BigInt(n));
  return out;
};
const byte = (...codes: number[]): Buffer => Buffer.from(codes);

/** Parts of pickles, by the names of their instructions. */
export const pickled = {
  of: (...parts: Buffer[]): Buffer => Buffer.concat([byte(128, 2), ...parts, Buffer.from('.')]),
  text: (text: string): Buffer => Buffer.concat([Buffer.from('X'), int32(Buffer.byteLength(text)), Buffer.from(text)]),
  int: (n: number): Buffer => Buffer.concat([Buffer.from('J'), int32(n)]),
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  tuple: (...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from('('), ...parts, Buffer.from('t')]),
  list: (...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from(']('), ...parts, Buffer.from('e')]),
  dictionary: (...pairs: Buffer[]): Buffer => Buffer.concat([Buffer.from('}('), ...pairs, Buffer.from('u')]),
  call: (made: Buffer, args: Buffer): Buffer => Buffer.concat([made, args, Buffer.from('R')]),
  reference: (of: Buffer): Buffer => Buffer.concat([of, Buffer.from('Q')]),
  yes: byte(0x88),
  no: byte(0x89),
};

const { of, text, int, global, tuple, list, dictionary, call, reference, yes, no } = pickled;

/** What comes before the tensors: magic number, version, byte order. */
export const torchHead = Buffer.concat([
  of(byte(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)),
  of(int(1001)),
  of(dictionary(text('little_endian'), yes)),
]);

interface Described {
  readonly key: string;
  readonly count: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor as a pickle describes it. */
export const describedTensor = ({ key, count, shape, strides }: Described): Buffer =>
  call(
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      reference(
        tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), int(count), Buffer.from('N')),
      ),
      int(0),
      tuple(...shape.map(int)),
      tuple(...strides.map(int)),
      no,
      call(global('collections', 'OrderedDict'), tuple()),
    ),
  );

/** A .pth file. */
export function torchFile(tensors: NamedTensors): Buffer {
  const named = [...tensors].map(([name, { shape, data }], i) => {
    const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1));
    return [text(name), describedTensor({ key: String(i), count: data.length, shape, strides })];
  });
  const numbers = [...tensors.values()].flatMap(({ data }) => [
    int64(data.length),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
  return Buffer.concat([
    torchHead,
    of(dictionary(...named.flat())),
    of(list(...[...tensors.keys()].map((_, i) => text(String(i))))),
    ...numbers,
  ]);
}

/** A zip archive; files whose name ends in .txt are stored, others deflated. */
export function zipOf(files: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, data] of Object.entries(files)) {
    const stored = name.endsWith('.txt');
    const packed = stored ? data : deflateRawSync(data, { level: 1 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02'), byte(20, 0), common, rest, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end]);
}
