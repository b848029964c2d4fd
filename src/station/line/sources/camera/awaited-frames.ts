/** Frames that triggers wait for, the oldest trigger first. */
import { FelfriError } from '../../../../core/errors.ts';
import type { FrameMeta } from './driver.ts';
import { OwedFrame } from './owed-frame.ts';
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

/** What says whose a frame is. */
interface Circumstances {
  /** As the settings have it. */
  readonly latencyMillis: number;
  /** Whether the camera is asked for each frame. */
  readonly isAsked: boolean;
  /** Whether it is known how late frames are. */
  readonly isKnown: boolean;
}

export class AwaitedFrames {
  readonly #all: Awaited[] = [];
  readonly #triggerMillis: number;
  #owed: OwedFrame;

  /** `triggerMillis`: as the settings have it. */
  constructor(triggerMillis: number) {
    this.#triggerMillis = triggerMillis;
    this.#owed = new OwedFrame(triggerMillis);
  }

  /** Another process drives the camera: it owes nothing. */
  beginAnew(): void {
    this.#owed = new OwedFrame(this.#triggerMillis);
  }

  get first(): Awaited | undefined {
    return this.#all[0];
  }

  get length(): number {
    return this.#all.length;
  }

  /**
   * The frames of a part, into `strips`. `ask`: how a camera is asked for one. Throws LINE_LATE when none came in time, with what `state` then says,
   * or where the camera owes one.
   */
  async wait(strips: Strips, millis: number, state: () => string | null, ask?: () => void): Promise<Taken> {
    if (ask && (this.#all.length > 0 || this.#owed.isOwed))
      throw new FelfriError('LINE_LATE', 'the camera still owes the frame of the trigger before');
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
    if (ask) this.#owed.asked();
    ask?.();
    return came.finally(() => clearTimeout(timer));
  }

  /** Whose a frame is; undefined where it is nobody's. `cameAt`: when it would have come if it were as quick as others. */
  whose(cameAt: number, { latencyMillis, isAsked, isKnown }: Circumstances): Awaited | undefined {
    if (isAsked && !this.#owed.settle()) return undefined;
    // of one that was asked for nothing else is in flight
    const exposedAt = isAsked ? cameAt : cameAt - latencyMillis;
    if (!isAsked) this.#passOver(exposedAt);
    const { first } = this;
    return first && (!first.strips.isEmpty || (isKnown && exposedAt >= first.at)) ? first : undefined;
  }

  /** A frame that was asked for came damaged or not at all: the next one is that of another trigger. */
  lost(error: FelfriError): void {
    if (this.#owed.settle()) this.failAll(error);
  }

  /** Of a camera that is not asked: a frame that was exposed after the next trigger shows the part of that, and is not for those before it. */
  #passOver(exposedAt: number): void {
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
