/**
 * A bounded queue before the processes that inspect. A place is for an image that has come whole, so that who sends slowly keeps nobody out;
 * while it is full no image is even read. Bundles are told apart by their folder: while a new one is opened, the old one goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { FelfriError } from '../../core/errors.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import type { Attempt } from './attempt.ts';
import { FairShare } from './fair-share.ts';
import { ImageMemory } from './image-memory.ts';
import { Lanes } from './lanes.ts';
import { forImages, memoryFor } from './memory-plan.ts';
import type { RecordedBundle, Tasks } from './messages.ts';
import { type SideSettings, SideWork } from './side-work.ts';

/** A slow machine must not end what would have been an answer. */
const LEAST_INSPECT_MILLIS = 10_000;
/** How long those that were let in may take to end, when the station stops. */
const DRAIN_MILLIS = 8_000;

export interface QueueSettings extends SideSettings {
  /** Places: images that wait or are inspected. */
  readonly limit: number;
  readonly workers: number;
  /** Threads within an operator, of each worker. */
  readonly threads: number;
  /** What they compute with; the processor unless told. */
  readonly device?: Device;
  /** All that the station may take, bytes; without a bound unless told. */
  readonly memoryBytes?: number;
  /** Of that, what is for images before they come to the queue, beside those of requests. */
  readonly heldBytes?: number;
}

interface Place {
  release(): void;
}

/** An image that was let in; it is to be released, and with it its place, whatever came of it. */
export interface Arrival extends Place {
  /** Once all its bytes are there. Throws TOO_BUSY when all places are taken, or the caller's part of them. */
  takePlace(bytes: number): void;
}

/** So much after a change of recipes memory is looked at again, as the system has it back late; what is too large until then waits for that. */
const SETTLE_MILLIS = 2000;
/** And once more: by then images by the recipe of before are decided. */
const LOOK_AGAIN_MILLIS = [10_000, 40_000];
/** For images that are too large it is looked at no more often. */
const LEAST_BETWEEN_MILLIS = 5000;

/** For so long after an image the next is looked for. */
const AT_WORK_MILLIS = 2000;

export class InspectionQueue {
  /** Gives the folders of the bundles of recipes in use. */
  inUse: () => readonly string[] = () => [];
  #leftAt = Number.NEGATIVE_INFINITY;
  /** Of what is in use. */
  #changes = 0;
  /** What the processes take at rest since the last change, as far as is known, bytes. */
  #atRest = Number.POSITIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looks: NodeJS.Timeout[] = [];
  #settling = Promise.resolve();
  readonly #settings: QueueSettings;
  readonly #lanes: Lanes;
  /** For images while they are decoded. */
  readonly memory: ImageMemory;
  /** What must not wait for inspections, nor they for it. */
  readonly beside: SideWork;
  readonly #idle: (() => void)[] = [];
  /** Who sends images. */
  readonly #share: FairShare;
  #places = 0;
  /** Of the images that have a place. */
  #bytes = 0;
  #arriving = 0;
  #stopping = false;

  /** An image that is not decided within `decideSeconds` is in vain, so that no computation may take longer. */
  constructor(settings: QueueSettings, decideSeconds: number) {
    this.#settings = settings;
    this.#share = new FairShare(settings.limit);
    this.memory = new ImageMemory(settings.memoryBytes ?? Number.POSITIVE_INFINITY);
    this.beside = new SideWork(settings, this.memory);
    this.#lanes = new Lanes(settings, settings.workers, Math.max(1000 * decideSeconds, LEAST_INSPECT_MILLIS));
  }

  /** Images that arrive, wait or are inspected. */
  get length(): number {
    return this.#places + this.#arriving;
  }

  /** Whether images come: what is done beside them then takes less of the machine. */
  get isAtWork(): boolean {
    return this.length > 0 || performance.now() - this.#leftAt < AT_WORK_MILLIS;
  }

  /** Whether an image sent now would be turned away. */
  get isFull(): boolean {
    return this.#places >= this.#settings.limit;
  }

  /** Why an image sent now would not be inspected soon; null where it would. */
  get trouble(): string | null {
    return this.isFull ? `all ${this.#settings.limit} places of the queue are taken` : this.#lanes.trouble;
  }

  /** As `Lanes.trial`. */
  trial(): Promise<void> {
    return this.#lanes.trial();
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  #requireRoom(): void {
    if (!this.isFull) return;
    throw new FelfriError(
      'TOO_BUSY',
      `${this.#places} images are waiting, as many as the queue holds; send the image again in a second`,
    );
  }

  /** Lets the image of a caller, by whatever name tells callers apart, come in. Throws TOO_BUSY when the queue is full or stopping. */
  admit(caller: string): Arrival {
    if (this.#stopping) throw new FelfriError('TOO_BUSY', 'the station is stopping; send the image again in a while');
    this.#share.see(caller, performance.now());
    this.#requireRoom();
    this.#arriving++;
    let place: Place | undefined;
    let isHere = true;
    const arrive = (): void => {
      if (isHere) this.#arriving--;
      isHere = false;
    };
    return {
      takePlace: (bytes) => {
        place = this.#placeFor(caller, bytes);
        arrive();
      },
      release: () => {
        arrive();
        place?.release();
        place = undefined;
        this.#leftAt = performance.now();
        if (this.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
      },
    };
  }

  #placeFor(caller: string, bytes: number): Place {
    this.#requireRoom();
    if (this.#bytes > 0 && this.#bytes + bytes > memoryFor.waiting)
      throw new FelfriError('TOO_BUSY', 'large images are waiting, as many as may; send the image again in a second');
    if (!this.#share.take(caller)) {
      throw new FelfriError(
        'TOO_BUSY',
        'others send images too, and your part of the queue is full; send it again in a second',
      );
    }
    this.#places++;
    this.#bytes += bytes;
    return {
      release: () => {
        this.#places--;
        this.#bytes -= bytes;
        this.#share.giveBack(caller);
      },
    };
  }

  /** Opens a bundle in every process, while they go on inspecting. Throws BUNDLE_INVALID or BUNDLE_GOLDEN. */
  prepare(bundle: RecordedBundle): Promise<void> {
    return this.#lanes.prepare(bundle);
  }

  /** As `prepare`, of a bundle that judges beside that one. */
  prepareBeside(bundle: RecordedBundle): Promise<void> {
    return this.#lanes.prepareBeside(bundle);
  }

  /**
   * Closes bundles that are not of recipes in use, and shares out the memory that there is then: to be called after every change of what is in
   * use, or else each recipe that ever was would leave less for images. Those by which images are still inspected go later. Never throws.
   */
  async keepInUse(): Promise<void> {
    this.#changes++;
    this.#atRest = Number.POSITIVE_INFINITY;
    for (const look of this.#looks) clearTimeout(look);
    this.#looks = LOOK_AGAIN_MILLIS.map((millis) => setTimeout(() => void this.#shareOut(), millis).unref());
    this.#settling = sleep(SETTLE_MILLIS, undefined, { ref: false }).then(() => this.#shareOut());
    await this.#shareOut();
  }

  /** Where a process failed, all stays as it is, and it is replaced. */
  async #shareOut(): Promise<void> {
    if (this.#stopping) return;
    this.#lookedAt = performance.now();
    const change = this.#changes;
    const taken = await this.#lanes.keepOnly(this.inUse()).catch(() => undefined);
    const { memoryBytes, heldBytes = 0 } = this.#settings;
    if (taken === undefined || change !== this.#changes || memoryBytes === undefined) return;
    // the least since the change is nearest to rest: images may be under way
    this.#atRest = Math.min(this.#atRest, taken + process.memoryUsage.rss());
    this.memory.resize(forImages(memoryBytes - heldBytes, this.#atRest));
  }

  /**
   * Inspects an image, for which a place was taken, once there are so many bytes of memory for it. As `Lanes.inspect`, and throws IMAGE_TOO_LARGE
   * where there never are.
   */
  async inspect(ask: Tasks['inspect']['ask'], bytes: number, attempt: Attempt): Promise<Tasks['inspect']['answer']> {
    if (bytes > this.memory.bytes) await this.#settling;
    const isLong = performance.now() - this.#lookedAt > LEAST_BETWEEN_MILLIS;
    if (isLong && bytes > this.memory.bytes) await this.#shareOut();
    const release = await this.memory.take(bytes, 'line');
    try {
      return await this.#lanes.inspect(ask, attempt);
    } finally {
      release();
    }
  }

  /** Resolves when no image arrives, waits or is inspected. */
  rest(): Promise<void> {
    return this.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Takes no more images; resolves when all that were let in are done, or refused as they take too long. */
  async drain(): Promise<void> {
    this.#stopping = true;
    if (this.length === 0) return;
    const late = setTimeout(() => void this.#lanes.abandon(), DRAIN_MILLIS);
    await this.rest();
    clearTimeout(late);
  }

  async close(): Promise<void> {
    await this.drain();
    await Promise.all([this.#lanes.end(), this.beside.close()]);
  }
}
