import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { parseSafetensors, readSafetensors, readSafetensorsMetadata, writeSafetensors } from './safetensors.ts';
import { type NamedTensors, sizeOf, tensor } from './tensor.ts';

const folder = temporaryFolders();
const damaged = expect.objectContaining({ code: 'TENSOR_FILE' });

/** A file with the given header and body; the header's stated length may lie. */
function file(header: unknown, body: Uint8Array = new Uint8Array(), statedLength?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(statedLength ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const namedTensors = fc
  .uniqueArray(fc.string({ minLength: 1 }), { maxLength: 5 })
  .filter((names) => !names.includes('__metadata__') && !names.includes('__proto__'))
  .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), shape))))
  .chain((entries) =>
    fc.tuple(
      ...entries.map(([name, s]) =>
        fc
          .float32Array({ minLength: sizeOf(s), maxLength: sizeOf(s) })
          .map((data) => [name, tensor(s, Float32Array.from(data))] as const),
      ),
    ),
  )
  .map((entries): NamedTensors => new Map(entries));

describe('writing and reading', () => {
  it('gives back the same names, shapes, bits and metadata', async () => {
    const root = await folder();
    const facts = fc
      .dictionary(fc.string({ minLength: 1 }), fc.string())
      .map((d) => Object.fromEntries(Object.entries(d).filter(([k]) => k !== '__proto__')));
    await fc.assert(
      fc.asyncProperty(namedTensors, facts, async (tensors, metadata) => {
        const path = join(root, 'file.safetensors');
        await writeSafetensors(path, tensors, metadata);
        const read = await readSafetensors(path);
        expect(new Set(read.tensors.keys())).toEqual(new Set(tensors.keys()));
        for (const [name, t] of tensors) {
          expect(read.tensors.get(name)!.shape).toEqual(t.shape);
          expect(Buffer.from(read.tensors.get(name)!.data.buffer).equals(Buffer.from(t.data.buffer))).toBe(true);
        }
        expect(read.metadata).toEqual(metadata);
        expect(await readSafetensorsMetadata(path)).toEqual(metadata);
      }),
      { numRuns: 40 },
    );
    expect(await readdir(root)).toEqual(['file.safetensors']);
  });

  it('writes part of a larger buffer alone', async () => {
    const path = join(await folder(), 'part.safetensors');
    const part = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    await writeSafetensors(path, new Map([['part', { shape: [2], data: part }]]));
    expect([...(await readSafetensors(path)).tensors.get('part')!.data]).toEqual([2, 3]);
  });

  it('starts the tensors at a multiple of eight bytes, as the format asks', async () => {
    const path = join(await folder(), 'aligned.safetensors');
    await writeSafetensors(path, new Map([['abc', tensor([1], [1])]]));
    const bytes = await readFile(path);
    expect(Number(bytes.readBigUInt64LE()) % 8).toBe(0);
  });
});

describe('number types', () => {
  const parse = (dtype: string, count: number, body: ArrayBuffer): number[] => {
    const header = { x: { dtype, shape: [count], data_offsets: [0, body.byteLength] } };
    return [...parseSafetensors(file(header, new Uint8Array(body))).tensors.get('x')!.data];
  };
  const inf = Number.POSITIVE_INFINITY;

  it.each([
    // IEEE 754: 1, -2, the largest, the least normal, the least subnormal, infinity, minus infinity, not a number, minus zero
    [
      'F16',
      Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x7c00, 0xfc00, 0x7e00, 0x8000),
      [1, -2, 65504, 2 ** -14, 2 ** -24, inf, -inf, Number.NaN, -0],
    ],
    // the upper halves of float32: 1, -2, pi cut off, infinity, not a number
    ['BF16', Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x7f80, 0x7fc0), [1, -2, 3.140625, inf, Number.NaN]],
    ['F32', Float32Array.of(1.5, -0, inf), [1.5, -0, inf]],
    ['F64', Float64Array.of(0.1, -1e300, 3), [Math.fround(0.1), -inf, 3]],
    ['I64', BigInt64Array.of(-1n, 2n ** 40n), [-1, 2 ** 40]],
    ['I32', Int32Array.of(-7, 2 ** 24), [-7, 2 ** 24]],
    ['U8', Uint8Array.of(0, 255), [0, 255]],
  ])('%s', (dtype, values, expected) => {
    expect(parse(dtype, values.length, values.buffer as ArrayBuffer)).toEqual(expected);
  });
});

describe('a damaged file', () => {
  const entry = (over: object): Uint8Array =>
    file({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...over } }, new Uint8Array(8));

  it('is read when it is whole', () => {
    expect([...parseSafetensors(entry({})).tensors.get('x')!.data]).toEqual([0, 0]);
  });

  it.each([
    ['no bytes', new Uint8Array()],
    ['fewer bytes than a length', new Uint8Array(7)],
    ['a header longer than the file', file({}, new Uint8Array(), 1000)],
    ['a header of an impossible length', file({}, new Uint8Array(), 2 ** 52)],
    ['a header that is not JSON', file('{"x":')],
    ['a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe)],
    ['a header that is null', file('null')],
    ['a header that is a list', file('[1]')],
    ['a tensor that is no object', file({ x: 5 })],
    ['a tensor that is null', file({ x: null })],
    ['a tensor without a place', file({ x: { dtype: 'F32', shape: [0] } })],
    ['a tensor without a shape', file({ x: { dtype: 'F32', data_offsets: [0, 4] } }, new Uint8Array(4))],
    ['an unknown type', entry({ dtype: 'F8_E4M3' })],
    ['a type that objects have by nature', entry({ dtype: 'constructor' })],
    ['more values than bytes', entry({ shape: [3] })],
    ['fewer values than bytes', entry({ shape: [1] })],
    ['a place beyond the end', entry({ data_offsets: [4, 12] })],
    ['a place before the beginning', entry({ data_offsets: [-8, 0] })],
    ['a place between bytes', entry({ data_offsets: [0.5, 8.5] })],
    ['negative sizes whose product fits', entry({ shape: [-1, -2] })],
    ['sizes that are not whole', entry({ shape: [0.5, 4] })],
  ])('with %s is refused by code and name', (_, bytes) => {
    expect(() => parseSafetensors(bytes, 'b0.safetensors')).toThrow(damaged);
    expect(() => parseSafetensors(bytes, 'b0.safetensors')).toThrow('b0.safetensors');
  });

  it('is refused wherever it was cut off', async () => {
    const path = join(await folder(), 'whole.safetensors');
    await writeSafetensors(path, new Map([['a', tensor([2, 2], [1, 2, 3, 4])]]), { made: 'here' });
    const whole = await readFile(path);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(() => parseSafetensors(whole.subarray(0, length))).toThrow(damaged);
      }),
    );
    for (const length of [0, 5, 8, 20]) {
      const cut = `${path}.${length}`;
      await writeFile(cut, whole.subarray(0, length));
      await expect(readSafetensors(cut)).rejects.toThrow(damaged);
      await expect(readSafetensorsMetadata(cut)).rejects.toThrow(damaged);
    }
  });

  it('never gives anything but tensors or this error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 16 }), (json, body) => {
        try {
          parseSafetensors(file(json, body));
        } catch (error) {
          expect(error).toEqual(damaged);
        }
      }),
      { numRuns: 300 },
    );
  });
});

it('refuses tensors that overlap, which would take many times the size of the file', () => {
  const twice = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const header = Buffer.from(JSON.stringify({ a: twice, b: twice }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = Buffer.concat([length, header, Buffer.alloc(8)]);
  expect(() => parseSafetensors(bytes)).toThrow(/overlaps/);
});
