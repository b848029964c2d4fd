/** Frames that triggers wait for, the oldest trigger first. */
import { FelfriError } from '../../../../core/errors.ts';
import type { FrameMeta } from './driver.ts';
import type { Strips } from './strips.ts';

/** Of one part: patches of a line-scan camera, else one. */
export type Images = readonly Uint8Array<ArrayBuffer>[];

export interface Awaited {
  /** As performance.now() has it. */
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
  async wait(strips: Strips, millis: number, state: () => string): Promise<[Images, FrameMeta]> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const came = new Promise<[Images, FrameMeta]>((resolve, reject) => {
      const awaited: Awaited = {
        at: performance.now(),
        strips,
        take: (...frames) => resolve(frames),
        fail: reject,
      };
      this.#all.push(awaited);
      timer = setTimeout(() => {
        this.#all.splice(this.#all.indexOf(awaited), 1);
        reject(new FelfriError('LINE_LATE', `no frame came within ${millis} ms of the trigger${state()}`));
      }, millis);
    });
    return came.finally(() => clearTimeout(timer));
  }

  /** Whoever waits for these strips first waits no longer. */
  over(strips: Strips): void {
    if (this.first?.strips === strips) this.#all.shift();
  }

  failAll(error: FelfriError): void {
    for (const { fail } of this.#all.splice(0)) fail(error);
  }
}
