/**
 * A camera as a source: frames to parts, by trigger or rate, and the watch over the process that drives it. A part gets a frame that was exposed
 * after its trigger, or it is on record as not inspected.
 */
import { FelfriError } from '../../../../core/errors.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import { asFelfriError } from '../fates.ts';
import { Rest } from '../rest.ts';
import type { KnownImage, Source, SourceTools, Triggered } from '../source.ts';
import { type Awaited, AwaitedFrames, type Taken } from './awaited-frames.ts';
import type { Driver, FrameMeta, Hearer, RunningCamera } from './driver.ts';
import { Pace, stutterOf } from './pace.ts';
import type { CameraSettings } from './settings.ts';
import { Strips } from './strips.ts';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const LOOK_MILLIS = 250;
/** In which a camera that is taken up must give one. */
const START_MILLIS = 15_000;
/** For so long a frame that failed stays an alarm, unless the next is good. */
const SHOWN_MILLIS = 10_000;

export class Camera implements Source, Hearer {
  readonly #settings: CameraSettings;
  readonly #tools: SourceTools;
  readonly #drive: Driver;
  readonly #session = Date.now().toString(36);
  readonly #awaited: AwaitedFrames;
  readonly #rest = new Rest();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #running: Promise<void>;
  #camera: RunningCamera | undefined;
  #pace = new Pace();
  /** Of a camera whose strips are not triggered, and when the first of a part came. */
  #strips: Strips;
  #firstAt = 0;
  #starts = 0;
  #isEnding = false;
  #problem: string | null = null;
  #frameAt = Number.NEGATIVE_INFINITY;
  #takenAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #hasFrame = false;
  /** Whether its process is being ended: what still comes of it is no sign that it works. */
  #isGivenUp = false;

  constructor(settings: CameraSettings, tools: SourceTools, drive: Driver) {
    this.#settings = settings;
    this.#tools = tools;
    this.#drive = drive;
    this.#strips = new Strips(settings);
    this.#awaited = new AwaitedFrames(settings.triggerMillis);
    this.#running = this.#run();
  }

  get connected(): boolean {
    return this.#hasFrame && this.#problem === null;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get waiting(): number {
    return this.#awaited.length + this.#underWay.size;
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.#isEnding) {
      const start = performance.now();
      this.#hasFrame = false;
      this.#isGivenUp = false;
      this.#frameAt = start;
      this.#pace = new Pace();
      this.#strips = new Strips(this.#settings);
      this.#starts++;
      this.#awaited.beginAnew();
      this.#camera = this.#drive(this);
      let why: string | undefined;
      const watch = setInterval(() => {
        const silence = performance.now() - this.#frameAt;
        if (why !== undefined || silence < this.#patience) return;
        why = `no frame came for ${(silence / 1000).toFixed(1)} s`;
        this.#isGivenUp = true;
        this.#fail(why);
        void this.#camera?.stop();
      }, LOOK_MILLIS);
      const ended = await this.#camera.ended;
      clearInterval(watch);
      if (this.#isEnding) return;
      this.#fail(why ?? ended);
      this.#tools.counts.restarts++;
      if (performance.now() - start > LONGEST_PAUSE) pause = FIRST_PAUSE;
      await this.#rest.for(pause);
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
  }

  /** Milliseconds without a frame after which it is taken up again. */
  get #patience(): number {
    const { frameSeconds } = this.#settings;
    if (frameSeconds === 0) return Number.POSITIVE_INFINITY;
    return this.#hasFrame ? 1000 * frameSeconds : Math.max(START_MILLIS, 1000 * frameSeconds);
  }

  #fail(why: string): void {
    this.#problem = why;
    this.#tools.alarm(
      'camera',
      new FelfriError('SOURCE_LOST', `the camera gives no frames: ${why}; it is taken up again`),
    );
  }

  frame(bytes: Uint8Array<ArrayBuffer>, meta: FrameMeta): boolean {
    if (this.#isGivenUp || this.#isEnding) return false;
    const now = performance.now();
    this.#frameAt = now;
    this.#hasFrame = true;
    this.#problem = null;
    this.#tools.over('camera');
    if (now - this.#failedAt > SHOWN_MILLIS) this.#tools.over('frame');
    const excess = this.#pace.excess(meta.at, meta.stampMillis);
    this.#sayStutter(excess);
    const isTaken = this.#give(bytes, meta, now, meta.at - excess);
    if (!isTaken) this.#tools.counts.dropped++;
    return isTaken;
  }

  #sayStutter(excess: number): void {
    const why = stutterOf(excess);
    if (why === null) this.#tools.over('stutter');
    else this.#tools.alarm('stutter', new FelfriError('SOURCE_LOST', why));
  }

  damaged(why: string): void {
    this.#failedAt = performance.now();
    this.#tools.counts.dropped++;
    const lost = new FelfriError('SOURCE_LOST', why);
    this.#tools.alarm('frame', lost);
    this.#awaited.lost(lost);
  }

  /** Whether a frame is for a part. `cameAt`: when it would have come if it were as quick as others. */
  #give(bytes: Uint8Array<ArrayBuffer>, meta: FrameMeta, now: number, cameAt: number): boolean {
    const { take, everySeconds, latencyMillis } = this.#settings;
    if (take === 'trigger') {
      const isAsked = this.#camera?.trigger !== undefined;
      const first = this.#awaited.whose(cameAt, { latencyMillis, isAsked, isKnown: this.#unsettled === null });
      if (!first) return false;
      this.#collect(first.strips, bytes, meta, first);
      return true;
    }
    if (take === 'rate' && now - this.#takenAt < 1000 * everySeconds) return false;
    this.#takenAt = now;
    const firstAt = this.#strips.isEmpty ? cameAt : this.#firstAt;
    this.#firstAt = firstAt;
    const of = { part: null, lot: null, product: null, recipe: null };
    this.#collect(this.#strips, bytes, meta, {
      take: (images) => void this.#inspect({ images, meta, cameAt: firstAt }, of).catch(() => undefined),
      fail: (error) => void this.#missed(of, error),
    });
    return true;
  }

  /** A part that is whole is given; one of which a strip is missing is none. */
  #collect(
    strips: Strips,
    bytes: Uint8Array<ArrayBuffer>,
    meta: FrameMeta,
    { take, fail }: Pick<Awaited, 'take' | 'fail'>,
  ): void {
    try {
      const images = strips.add(bytes, meta);
      if (!images) return;
      this.#awaited.over(strips);
      take(images, meta);
    } catch (error) {
      this.#awaited.over(strips);
      fail(asFelfriError(error));
    }
  }

  /** Of this start of this process, so that no two frames have the same. */
  #idOf({ id }: FrameMeta): string {
    return `${this.#tools.name}-${this.#session}-${this.#starts}-${id}`;
  }

  /** What cannot be decided is on record as that. Throws why. */
  async #inspect({ images, meta, cameAt }: Taken, of: Triggered): Promise<Inspection> {
    const id = this.#idOf(meta);
    const known: KnownImage = { ...of, view: null, resultId: id };
    this.#tools.came(`frame ${meta.id}${meta.about === '' ? '' : `, ${meta.about}`}`);
    const [first, ...others] = images;
    const giveBack = this.#tools.room(images.reduce((sum, { length }) => sum + length, 0));
    const work = !giveBack
      ? Promise.reject(new FelfriError('TOO_BUSY', 'images of the line wait for their decisions, as many as may'))
      : others.length === 0
        ? this.#tools.inspect({ ...known, cameAt, bytes: first! })
        : this.#tools.inspectAll(
            images.map((bytes, i) => ({ ...known, cameAt, bytes, view: `patch ${i + 1}`, resultId: `${id}-${i + 1}` })),
          );
    const noted = work.catch(async (error: unknown) => {
      await this.#tools.note(known, asFelfriError(error));
      this.#failedAt = performance.now();
      this.#tools.alarm('frame', error);
    });
    this.#underWay.add(noted);
    await noted;
    giveBack?.();
    this.#underWay.delete(noted);
    return work;
  }

  /** The decision on the next frame that was exposed after now. Throws LINE_LATE where none comes; that is on record then. */
  async trigger(of: Triggered, withinMillis = Number.POSITIVE_INFINITY): Promise<Inspection> {
    const { take } = this.#settings;
    const { name } = this.#tools;
    const why = `${name} takes frames by "take": ${JSON.stringify(take)}`;
    if (take !== 'trigger') throw new FelfriError('OPTION_INVALID', why, { subject: name });
    if (this.#isEnding) throw new FelfriError('TOO_BUSY', 'the station is stopping');
    const taken = await this.#framesOf(withinMillis).catch(async (error: FelfriError) => {
      await this.#missed(of, error);
      throw error;
    });
    this.#tools.over('trigger');
    return this.#inspect(taken, of);
  }

  get #unsettled(): string | null {
    return this.#camera?.joins && !this.#pace.isSettled ? 'how late frames are is not known' : null;
  }

  /** Frames for a trigger. Throws LINE_LATE, IMAGE_FRAME, and TOO_BUSY where it ends meanwhile. */
  #framesOf(withinMillis: number): Promise<Taken> {
    const millis = Math.min(this.#settings.triggerMillis, withinMillis);
    const state = () => this.#problem ?? this.#unsettled;
    return this.#awaited.wait(new Strips(this.#settings), millis, state, this.#camera?.trigger);
  }

  async #missed(of: Triggered, error: FelfriError): Promise<void> {
    this.#tools.alarm('trigger', error);
    await this.#tools.note({ ...of, resultId: null }, error);
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    this.#rest.end();
    this.#awaited.failAll(new FelfriError('TOO_BUSY', 'the station is stopping; the part was not inspected'));
    await this.#camera?.stop();
    await this.#running;
    await Promise.allSettled([...this.#underWay]);
  }
}
