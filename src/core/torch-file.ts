/**
 * Tensors of a file that PyTorch's `torch.save` wrote before version 1.6 (a row of pickles, then the numbers): a dictionary of tensors by
 * name, as weights are published. Nothing in it is run: pickle.ts knows no more than what such a dictionary is built of.
 */
import { FelfriError } from './errors.ts';
import { type Known, readPickle } from './pickle.ts';
import { type NamedTensors, sizeOf, tensor } from './tensor.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const MOST_DIMENSIONS = 8;

/** Kinds of numbers: bytes of each, and how one is read. */
const kinds = {
  FloatStorage: { bytes: 4, read: (b: Buffer, at: number): number => b.readFloatLE(at) },
  DoubleStorage: { bytes: 8, read: (b: Buffer, at: number): number => b.readDoubleLE(at) },
  LongStorage: { bytes: 8, read: (b: Buffer, at: number): number => Number(b.readBigInt64LE(at)) },
} as const;

type Kind = keyof typeof kinds;

/** Numbers side by side, of which tensors are views. */
class Storage {
  constructor(
    readonly kind: Kind,
    readonly key: string,
    readonly count: number,
  ) {}
}

class View {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

type Fail = (what: string) => never;

const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
const areCounts = (x: unknown): x is number[] => Array.isArray(x) && x.length <= MOST_DIMENSIONS && x.every(isCount);

/** What a dictionary of tensors calls: its own kind, views of storages, and the names of these. */
function knownOf(fail: Fail): Known {
  const view = ([storage, offset, shape, strides]: readonly unknown[]): View => {
    const fits = storage instanceof Storage && isCount(offset) && areCounts(shape) && areCounts(strides);
    if (!fits || shape.length !== strides.length) return fail('a tensor in it is not described as PyTorch does');
    const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, offset);
    const size = sizeOf(shape);
    // a stride of 0 would make much of little
    if (size > storage.count || (size > 0 && last >= storage.count))
      return fail('a tensor in it reaches beyond its numbers');
    return new View(storage, offset, shape, strides);
  };
  return new Map<string, (args: readonly unknown[]) => unknown>([
    ['collections OrderedDict', () => new Map()],
    ['torch._utils _rebuild_tensor_v2', view],
    ...Object.keys(kinds).map((kind): [string, () => never] => [`torch ${kind}`, storageKinds[kind as Kind]]),
  ]);
}

/** Stand for the classes, which a pickle names and nobody calls. */
const storageKinds = Object.fromEntries(
  Object.keys(kinds).map((kind) => [
    kind,
    (): never => {
      throw new Error(`${kind} is not called`);
    },
  ]),
) as Record<Kind, () => never>;

function storageOf(reference: unknown, fail: Fail): Storage {
  const [what, made, key, , count] = Array.isArray(reference) ? reference : [];
  const kind = (Object.keys(kinds) as Kind[]).find((one) => storageKinds[one] === made);
  if (what !== 'storage' || !kind || typeof key !== 'string' || !isCount(count)) {
    return fail('numbers in it are not described as PyTorch does');
  }
  return new Storage(kind, key, count);
}

/** Row-major numbers of a view, out of its storage's bytes. */
function valuesOf({ storage, offset, shape, strides }: View, bytes: Buffer): Float32Array<ArrayBuffer> {
  const { bytes: width, read } = kinds[storage.kind];
  const out = new Float32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = read(bytes, at * width);
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d]!;
      if (++index[d]! < shape[d]!) break;
      at -= strides[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return out;
}

/** Whether bytes begin as such a file does. */
export const isTorchFile = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && bytes[1] === 2 && bytes[2] === 0x8a && bytes[3] === 10;

/** The tensors by their names. Throws TENSOR_FILE where it is damaged, or holds anything but tensors. */
export function readTorchTensors(bytes: Buffer, subject: string): NamedTensors {
  const fail: Fail = (what) => {
    throw new FelfriError('TENSOR_FILE', `${subject}: ${what}; get the file again, or its tensors as safetensors`, {
      subject,
    });
  };
  let at = 0;
  const next = (known: Known = new Map()): unknown => {
    const { value, end } = readPickle(bytes, at, { known, fail, outside: (reference) => storageOf(reference, fail) });
    at = end;
    return value;
  };
  if (next() !== MAGIC || next() !== PROTOCOL) return fail('is not a file of PyTorch that felfri reads');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    return fail('its numbers are not little-endian');
  const named = next(knownOf(fail));
  const keys = next();
  if (!(named instanceof Map) || !Array.isArray(keys)) return fail('holds no dictionary of tensors');
  const views = [...named].map(([name, view]): [string, View] =>
    typeof name === 'string' && view instanceof View ? [name, view] : fail(`${String(name)} in it is no tensor`),
  );
  // several tensors of the same numbers would take many times the file's size
  if (views.reduce((sum, [, { shape }]) => sum + 4 * sizeOf(shape), 0) > bytes.length)
    return fail('its tensors overlap');
  const storages = new Map(views.map(([, { storage }]) => [storage.key, storage]));
  const data = new Map<string, Buffer>();
  for (const key of keys) {
    const storage = storages.get(String(key));
    if (!storage || at + 8 > bytes.length) return fail('its list of numbers does not fit its tensors');
    const length = storage.count * kinds[storage.kind].bytes;
    if (bytes.readBigInt64LE(at) !== BigInt(storage.count) || at + 8 + length > bytes.length)
      return fail('it is cut off');
    data.set(storage.key, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return new Map(
    views.map(([name, view]) => {
      const numbers = data.get(view.storage.key);
      if (!numbers || numbers.length < view.storage.count * kinds[view.storage.kind].bytes)
        return fail(`${name} has no numbers in it`);
      return [name, tensor(view.shape, valuesOf(view, numbers))];
    }),
  );
}
