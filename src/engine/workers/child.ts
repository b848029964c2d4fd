/**
 * A process that answers questions: unlike a thread it can be ended while it computes in native code, and its crash is not ours. Messages go
 * over Node's channel; large arrays of bytes over a pipe of their own, as that channel's time grows with the square of a message's length.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Carrier } from './carrier.ts';
import { whenAlone } from './start.ts';

/** Bytes from which an array goes over the pipe. */
const LARGE = 32 * 1024;

/** Of the pipe in the process that answers: after its three standard streams and the channel. */
const PIPE = 4;

/** A message as it goes over the channel. */
interface Parcel {
  readonly message: Readonly<Record<string, unknown>>;
  /** Which arrays are missing in it, as the names that lead there, and their lengths. */
  readonly missing: readonly { readonly path: readonly string[]; readonly length: number }[];
}

interface Ends {
  send(parcel: Parcel): void;
  onParcel(listener: (parcel: Parcel) => void): void;
}

const isLarge = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length >= LARGE;

/** Takes large arrays out of a message's values, and out of their values. */
function packed(message: Readonly<Record<string, unknown>>): { parcel: Parcel; large: Uint8Array[] } {
  const large: Uint8Array[] = [];
  const missing: { path: string[]; length: number }[] = [];
  const take = (path: string[], bytes: Uint8Array): undefined => {
    large.push(bytes);
    missing.push({ path, length: bytes.length });
    return undefined;
  };
  const without = (value: unknown, path: string[]): unknown => {
    if (isLarge(value)) return take(path, value);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || path.length > 1) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, without(one, [...path, key])]));
  };
  const rest = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, without(value, [key])]));
  return { parcel: { message: rest, missing }, large };
}

/** Reads arrays of given lengths from a stream, one after another. */
class Arrays {
  readonly #wanted: { bytes: Uint8Array<ArrayBuffer>; filled: number; resolve: () => void }[] = [];

  constructor(stream: Duplex) {
    stream.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; ) {
        const first = this.#wanted[0];
        // bytes that nobody has announced yet come back when somebody has
        if (!first) return void stream.pause().unshift(chunk.subarray(at));
        const part = chunk.subarray(at, at + first.bytes.length - first.filled);
        first.bytes.set(part, first.filled);
        first.filled += part.length;
        at += part.length;
        if (first.filled === first.bytes.length) this.#wanted.shift()!.resolve();
      }
    });
    // the other process ended, which its exit says
    stream.on('error', () => undefined);
    this.#resume = () => stream.resume();
  }

  readonly #resume: () => void;

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    const full = new Promise<void>((resolve) => this.#wanted.push({ bytes, filled: 0, resolve }));
    this.#resume();
    await full;
    return bytes;
  }
}

class Line {
  readonly #ends: Ends;
  readonly #pipe: Duplex;
  readonly #arrays: Arrays;

  constructor(ends: Ends, pipe: Duplex) {
    this.#ends = ends;
    this.#pipe = pipe;
    this.#arrays = new Arrays(pipe);
  }

  post(message: object): void {
    const { parcel, large } = packed(message as Parcel['message']);
    this.#ends.send(parcel);
    for (const bytes of large) this.#pipe.write(bytes);
  }

  /** Hears messages in their order. */
  listen(listener: (message: unknown) => void): void {
    let last = Promise.resolve();
    this.#ends.onParcel(({ message, missing }) => {
      // asked for at once, so that arrays are read in the order of the messages
      const arrays = missing.map(({ length }) => this.#arrays.take(length));
      last = last.then(async () => {
        for (const [i, { path }] of missing.entries()) {
          const holder = path.slice(0, -1).reduce((value, key) => value[key] as typeof message, message);
          (holder as Record<string, unknown>)[path.at(-1)!] = await arrays[i];
        }
        listener(message);
      });
    });
  }
}

/** For who asks. The process is one of `startProcessAt`. */
export function carrierOf(child: ChildProcess): Carrier {
  // a process that is gone says so by its exit
  const send = (parcel: Parcel): void => void child.send(parcel, () => undefined);
  const line = new Line({ send, onParcel: (listener) => child.on('message', listener) }, child.stdio[PIPE] as Socket);
  return {
    postMessage: (question) => line.post(question as object),
    on: (event, listener) =>
      event === 'message' ? line.listen(listener as never) : child.on(event, listener as never),
    ref: () => child.ref(),
    unref: () => child.unref(),
    terminate: async () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** For the process that answers; it ends with whoever asks, who alone decides when. */
export function processPort(): Pick<Carrier, 'postMessage'> & {
  on(event: 'message', listener: (message: never) => void): void;
} {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  // an exit would wait for threads that compute
  whenAlone(() => process.kill(process.pid, 'SIGKILL'));
  // whoever asks may be gone
  const send = (parcel: Parcel): void => void process.send!(parcel, () => undefined);
  const onParcel: Ends['onParcel'] = (listener) => void process.on('message', listener as never);
  const line = new Line({ send, onParcel }, new Socket({ fd: PIPE, readable: true, writable: true }));
  return {
    postMessage: (answer) => line.post(answer as object),
    on: (_, listener) => line.listen(listener as never),
  };
}
