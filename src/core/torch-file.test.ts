import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describedTensor, pickled, torchFile, torchHead } from '../../test/support/published-weights.ts';
import { FelfriError } from './errors.ts';
import { tensor } from './tensor.ts';
import { isTorchFile, readTorchTensors } from './torch-file.ts';

const golden = await readFile(new URL('../../test/golden/torch_legacy.pth', import.meta.url));
const { of, text, global, tuple, list, dictionary, call } = pickled;

function refusal(bytes: Buffer): string {
  try {
    readTorchTensors(bytes, 'file.pth');
  } catch (error) {
    if (error instanceof FelfriError && error.code === 'TENSOR_FILE') return error.message;
    throw error;
  }
  throw new Error('it was read');
}

describe('a file that PyTorch wrote', () => {
  it('gives the numbers that were saved, of views too', () => {
    const rows = Array.from({ length: 24 }, (_, i) => i / 8);
    expect(isTorchFile(golden)).toBe(true);
    const read = readTorchTensors(golden, 'file.pth');
    expect([...read.keys()]).toEqual(['rows', 'turned', 'part', 'one', 'whole', 'double']);
    const shown = (name: string): [readonly number[], number[]] => [
      read.get(name)!.shape,
      Array.from(read.get(name)!.data),
    ];
    expect(shown('rows')).toEqual([[2, 3, 4], rows]);
    // (4, 2, 3) of (2, 3, 4)
    const turned = Array.from(
      { length: 24 },
      (_, i) => 100 + rows[(Math.floor(i / 3) % 2) * 12 + (i % 3) * 4 + Math.floor(i / 6)]!,
    );
    expect(shown('turned')).toEqual([[4, 2, 3], turned]);
    expect(shown('part')).toEqual([[2, 4], rows.slice(16).map((v) => v - 50)]);
    expect(shown('one')).toEqual([[], [-2.5]]);
    expect(shown('whole')).toEqual([[2], [3, -4]]);
    expect(shown('double')).toEqual([[2], [0.5, 0.25]]);
  });

  it('is read as the test support writes it', () => {
    const tensors = new Map([
      ['a', tensor([2, 3], [1, 2, 3, 4, 5, 6])],
      ['b', tensor([1], [7])],
    ]);
    expect(readTorchTensors(torchFile(tensors), 'file.pth')).toEqual(tensors);
  });

  it('is refused where it asks for anything but tensors, which is never done', () => {
    const asks = (module: string, name: string, ...args: Buffer[]): Buffer =>
      Buffer.concat([torchHead, of(call(global(module, name), tuple(...args))), of(list())]);
    expect(refusal(asks('os', 'system', text('true')))).toContain('it asks for os system');
    expect(refusal(asks('builtins', 'eval', text('1')))).toContain('it asks for builtins eval');
    expect(refusal(asks('torch', 'FloatTensor'))).toContain('torch FloatTensor');
    // a class of storage may be named, and is never called
    expect(refusal(Buffer.concat([torchHead, of(global('torch', 'FloatStorage')), of(list())]))).toContain(
      'no dictionary of tensors',
    );
    expect(refusal(Buffer.concat([torchHead, of(dictionary(text('a'), text('b'))), of(list())]))).toContain(
      'a in it is no tensor',
    );
  });

  it('is refused where a tensor is larger than its numbers', () => {
    const one = (shape: number[], strides: number[]): Buffer => {
      const described = describedTensor({ key: '0', count: 4, shape, strides });
      return Buffer.concat([
        torchHead,
        of(dictionary(text('a'), described)),
        of(list(text('0'))),
        Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]),
        Buffer.alloc(16),
      ]);
    };
    expect([...readTorchTensors(one([2, 2], [1, 2]), 'file.pth').keys()]).toEqual(['a']);
    expect(refusal(one([1000, 1000], [0, 0]))).toContain('beyond its numbers');
    expect(refusal(one([5], [1]))).toContain('beyond its numbers');
    expect(refusal(one([2, 2], [1, 3]))).toContain('beyond its numbers');
    expect(refusal(one([2, 2], [1]))).toContain('not described');
  });

  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < golden.length; length++)
      expect(refusal(golden.subarray(0, length))).toContain('file.pth: ');
  });

  it('of any one changed byte is read or refused, and nothing else happens', () => {
    for (let at = 0; at < golden.length; at++) {
      const bytes = Buffer.from(golden);
      bytes[at] = bytes[at]! ^ 0xff;
      try {
        readTorchTensors(bytes, 'file.pth');
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(FelfriError);
      }
    }
  });
});
