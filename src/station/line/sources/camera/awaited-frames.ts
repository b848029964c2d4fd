/** Frames that triggers wait for, the oldest trigger first. */
import { FelfriError } from '../../../../core/errors.ts';
import type { FrameMeta } from './driver.ts';
import type { Strips } from './strips.ts';

/** Of one part: patches of a line-scan camera, else one. */
type Images = readonly Uint8Array<ArrayBuffer>[];

/** What a trigger is given. */
export interface Taken {
  readonly images: Images;
  readonly meta: FrameMeta;
  /** As `SourceImage.cameAt`. */
  readonly cameAt: number;
}

export interface Awaited {
  /** Of the trigger, as performance.now() has it. */
  readonly at: number;
  readonly strips: Strips;
  take(images: Images, meta: FrameMeta): void;
  fail(error: FelfriError): void;
}

export class AwaitedFrames {
  readonly #all: Awaited[] = [];

  get first(): Awaited | undefined {
    return this.#all[0];
  }

  get length(): number {
    return this.#all.length;
  }

  /** The frames of a part, into `strips`. Throws LINE_LATE when none came in time, with what `state` then says. */
  async wait(strips: Strips, millis: number, state: () => string | null): Promise<Taken> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const came = new Promise<Taken>((resolve, reject) => {
      const at = performance.now();
      const awaited: Awaited = {
        at,
        strips,
        take: (images, meta) => resolve({ images, meta, cameAt: at }),
        fail: reject,
      };
      this.#all.push(awaited);
      timer = setTimeout(() => {
        if (this.#all.includes(awaited)) this.#all.splice(this.#all.indexOf(awaited), 1);
        const why = state();
        const what = `no frame came within ${millis} ms of the trigger${why === null ? '' : `; ${why}`}`;
        reject(new FelfriError('LINE_LATE', what));
      }, millis);
    });
    return came.finally(() => clearTimeout(timer));
  }

  /** Of a camera that runs freely: a frame that was exposed after the next trigger shows the part of that, and is not for those before it. */
  passOver(exposedAt: number): void {
    const why = 'no frame came before the next trigger';
    while (this.first?.strips.isEmpty && (this.#all[1]?.at ?? Number.POSITIVE_INFINITY) <= exposedAt)
      this.#all.shift()!.fail(new FelfriError('LINE_LATE', why));
  }

  /** Whoever waits for these strips first waits no longer. */
  over(strips: Strips): void {
    if (this.first?.strips === strips) this.#all.shift();
  }

  failAll(error: FelfriError): void {
    for (const { fail } of this.#all.splice(0)) fail(error);
  }
}
