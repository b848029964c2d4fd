/**
 * Bodies with images on their way in. Each must keep a pace and come within a time, and all together take a bounded number and memory: who
 * brings the most, and among those who has been at it longest, makes room for who comes next.
 */
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { TSchema } from '../../core/schema.ts';
import { callerKey } from './callers.ts';
import { readUpload, type Upload } from './upload.ts';

/** How often the pace is looked at; two looks have a turn of reading between them, also where the process was held up. */
const LOOK_MILLIS = 500;
/** Looks over which a body must have brought `PACE_BYTES`. */
const LOOKS = 4;
const PACE_BYTES = 32 * 1024;
/** In which a body must be there whole. */
const BODY_MILLIS = 15_000;

export interface IntakeSettings {
  /** Most bytes of an image. */
  readonly imageBytes: number;
  /** Most bodies at a time. */
  readonly bodies: number;
  /** Most bytes of all bodies at a time; one image is let in whatever its size. */
  readonly totalBytes: number;
}

interface Body {
  readonly caller: string;
  readonly startedAt: number;
  bytes: number;
  readonly end: (error: FelfriError) => void;
}

const tooSlow = (millis: number, bytes: number): FelfriError =>
  new FelfriError(
    'REQUEST_TOO_SLOW',
    `${bytes} bytes of the body came in ${(millis / 1000).toFixed(1)} s; legal are at least ${(PACE_BYTES * 1000) / (LOOKS * LOOK_MILLIS)} bytes a second and ${BODY_MILLIS / 1000} s in all: look at the network, and send it again`,
  );

/** Calls back when the connection brings too little; gives what stops the looking. */
function watchPace({ socket }: FastifyRequest['raw'], slow: (millis: number, bytes: number) => void): () => void {
  const startedAt = performance.now();
  const first = socket.bytesRead;
  const seen = [first];
  const timer = setInterval(() => {
    const present = socket.bytesRead;
    const millis = performance.now() - startedAt;
    seen.push(present);
    const isSlow = seen.length > LOOKS && present - seen.at(-1 - LOOKS)! < PACE_BYTES;
    if (isSlow || millis > BODY_MILLIS) slow(millis, present - first);
  }, LOOK_MILLIS);
  return () => clearInterval(timer);
}

export class Intake {
  readonly #settings: IntakeSettings;
  readonly #bodies = new Set<Body>();
  /** Requests whose body was given up. */
  readonly #cut = new WeakSet<FastifyRequest>();

  constructor(settings: IntakeSettings) {
    this.#settings = settings;
  }

  get imageBytes(): number {
    return this.#settings.imageBytes;
  }

  /** Whether a request's body was given up before its end, so that its connection is of no more use. */
  hasCut(request: FastifyRequest): boolean {
    return this.#cut.has(request);
  }

  /** As `readUpload`. Throws also REQUEST_TOO_SLOW, and TOO_BUSY where it makes room for others. */
  async read<T>(request: FastifyRequest, schema: TSchema, seen = new Map<string, unknown>()): Promise<Upload<T>> {
    let reject!: (error: FelfriError) => void;
    const given = new Promise<never>((_, fail) => {
      reject = fail;
    });
    const body: Body = {
      caller: callerKey(request),
      startedAt: performance.now(),
      bytes: 0,
      end: (error) => {
        this.#bodies.delete(body);
        this.#cut.add(request);
        reject(error);
      },
    };
    this.#bodies.add(body);
    this.#makeRoom(body);
    const stop = watchPace(request.raw, (millis, bytes) => body.end(tooSlow(millis, bytes)));
    const took = (bytes: number): void => {
      // what still comes is dropped
      if (!this.#bodies.has(body)) throw new FelfriError('TOO_BUSY', 'the body was given up');
      body.bytes += bytes;
      this.#makeRoom(body);
    };
    const reading = readUpload<T>(request, { limit: this.imageBytes, took }, schema, seen);
    // once it is given up, how its reading ends is nobody's
    reading.catch(() => undefined);
    try {
      return await Promise.race([reading, given]);
    } finally {
      stop();
      this.#bodies.delete(body);
    }
  }

  #isTooMuch(): boolean {
    const { bodies, totalBytes } = this.#settings;
    let sum = 0;
    for (const { bytes } of this.#bodies) sum += bytes;
    return this.#bodies.size > 1 && (this.#bodies.size > bodies || sum > totalBytes);
  }

  #makeRoom(newest: Body): void {
    while (this.#isTooMuch()) {
      const counts = new Map<string, number>();
      for (const { caller } of this.#bodies) counts.set(caller, (counts.get(caller) ?? 0) + 1);
      const others = [...this.#bodies].filter((body) => body !== newest);
      const worst = others.reduce((a, b) => {
        const more = counts.get(b.caller)! - counts.get(a.caller)!;
        return more > 0 || (more === 0 && b.startedAt < a.startedAt) ? b : a;
      });
      worst.end(new FelfriError('TOO_BUSY', 'other images came meanwhile; send it again in a second'));
    }
  }
}
