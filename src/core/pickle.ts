/**
 * Reads what a Python pickle says, and does nothing that it asks for. A pickle is a program; of its instructions those are known here
 * that build numbers, texts, lists and dictionaries, and calls are looked up in a closed table of the caller's. All else is refused.
 */

/** What a pickle may call, by `module name`: a function of the arguments. A name that is not here is refused, never looked for. */
export type Known = ReadonlyMap<string, (args: readonly unknown[]) => unknown>;

interface PickleOptions {
  readonly known: Known;
  /** What stands for something that lies outside of the pickle. */
  readonly outside?: (reference: unknown) => unknown;
}

class Refused extends Error {}

const MARK = Symbol('mark');

/** More instructions than any list of tensors needs. */
const MOST_STEPS = 1_000_000;

class Reader {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();
  at: number;

  constructor(
    readonly bytes: Buffer,
    from: number,
    readonly options: PickleOptions,
  ) {
    this.at = from;
  }

  take(count: number): Buffer {
    if (this.at + count > this.bytes.length) throw new Refused('it ends too early');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new Refused('it ends too early');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }
  push(value: unknown): void {
    this.stack.push(value);
  }
  pop(): unknown {
    if (this.stack.length === 0) throw new Refused('it takes more than it has');
    return this.stack.pop();
  }
  some(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }
  sinceMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new Refused('it takes more than it has');
    return this.stack.splice(mark).slice(1);
  }
  put(index: number): void {
    this.memo.set(index, this.stack.at(-1));
  }
  get(index: number): void {
    if (!this.memo.has(index)) throw new Refused('it refers to what it never said');
    this.push(this.memo.get(index));
  }
  /** Pairs into the dictionary below them. */
  set(pairs: readonly unknown[]): void {
    const into = this.stack.at(-1);
    if (!(into instanceof Map) || pairs.length % 2 !== 0) throw new Refused('it fills what is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) into.set(pairs[i], pairs[i + 1]);
  }
  append(values: readonly unknown[]): void {
    const into = this.stack.at(-1);
    if (!Array.isArray(into)) throw new Refused('it appends to what is no list');
    for (const value of values) into.push(value);
  }
  long(): bigint {
    const raw = this.take(this.take(1)[0]!);
    return raw.length === 0
      ? 0n
      : BigInt.asIntN(8 * raw.length, BigInt(`0x${Buffer.from(raw).reverse().toString('hex')}`));
  }
  global(): void {
    const name = `${this.line()} ${this.line()}`;
    const found = this.options.known.get(name);
    if (!found) throw new Refused(`it asks for ${name}, which no list of tensors needs`);
    this.push(found);
  }
  call(): void {
    const [made, args] = this.some(2);
    if (typeof made !== 'function' || !Array.isArray(args)) throw new Refused('it calls what cannot be called');
    this.push((made as (args: readonly unknown[]) => unknown)(args));
  }
  reference(): void {
    const { outside } = this.options;
    if (!outside) throw new Refused('it refers to something outside');
    this.push(outside(this.pop()));
  }
}

/** The instructions by their byte (Python's pickletools has their meanings); 0x2e, the end, is seen before. */
const instructions: Readonly<Record<number, (r: Reader) => void>> = {
  128: (r) => void r.take(1), // PROTO
  40: (r) => r.push(MARK),
  78: (r) => r.push(null),
  136: (r) => r.push(true),
  137: (r) => r.push(false),
  74: (r) => r.push(r.take(4).readInt32LE()), // BININT
  75: (r) => r.push(r.take(1)[0]), // BININT1
  77: (r) => r.push(r.take(2).readUInt16LE()), // BININT2
  138: (r) => r.push(r.long()), // LONG1
  88: (r) => r.push(r.take(r.take(4).readUInt32LE()).toString('utf8')), // BINUNICODE
  93: (r) => r.push([]), // EMPTY_LIST
  97: (r) => {
    const value = r.pop();
    r.append([value]);
  },
  101: (r) => r.append(r.sinceMark()), // APPENDS
  125: (r) => r.push(new Map()), // EMPTY_DICT
  115: (r) => r.set(r.some(2)), // SETITEM
  117: (r) => r.set(r.sinceMark()), // SETITEMS
  41: (r) => r.push([]), // EMPTY_TUPLE
  133: (r) => r.push(r.some(1)), // TUPLE1
  134: (r) => r.push(r.some(2)),
  135: (r) => r.push(r.some(3)),
  116: (r) => r.push(r.sinceMark()), // TUPLE
  113: (r) => r.put(r.take(1)[0]!), // BINPUT
  114: (r) => r.put(r.take(4).readUInt32LE()),
  104: (r) => r.get(r.take(1)[0]!), // BINGET
  106: (r) => r.get(r.take(4).readUInt32LE()),
  99: (r) => r.global(),
  82: (r) => r.call(), // REDUCE
  81: (r) => r.reference(), // BINPERSID
  98: (r) => void r.pop(), // BUILD: attributes of an object, which nothing here has
};

const STOP = 0x2e;

/** The value of the pickle that begins at `from`, and where it ends. `fail` throws what is wrong with it. */
export function readPickle(
  bytes: Buffer,
  from: number,
  options: PickleOptions & { readonly fail: (what: string) => never },
): { readonly value: unknown; readonly end: number } {
  const reader = new Reader(bytes, from, options);
  try {
    for (let step = 0; step < MOST_STEPS; step++) {
      const code = reader.take(1)[0]!;
      if (code === STOP) return { value: reader.pop(), end: reader.at };
      const instruction = instructions[code];
      if (!instruction) throw new Refused(`it has an instruction (${code}) that no list of tensors needs`);
      instruction(reader);
    }
    throw new Refused('it is too long');
  } catch (error) {
    if (error instanceof Refused) return options.fail(error.message);
    throw error;
  }
}
