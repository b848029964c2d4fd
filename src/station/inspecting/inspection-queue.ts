/**
 * A bounded queue before the threads that inspect. A place is for an image that has come whole, so that who sends slowly keeps nobody out;
 * while it is full no image is even read. Bundles are told apart by their folder: while a new one is opened, the old one goes on.
 */
import { FelfriError } from '../../core/errors.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import type { Attempt } from './attempt.ts';
import { FairShare } from './fair-share.ts';
import type { RecordedBundle, Tasks } from './messages.ts';
import { RemoteThread } from './remote-thread.ts';

/** One image is decoded while another is computed. */
const AT_ONCE = 2;

/** After so long a computation is given up and its thread ended: a model that never ends must not stop the line. */
const LIMITS = { inspect: 60_000, draw: 60_000, open: 300_000, check: 300_000 } as const;

export interface QueueSettings {
  /** Places: images that wait or are inspected. */
  readonly limit: number;
  readonly workers: number;
  /** Threads within an operator, of each worker. */
  readonly threads: number;
  /** What they compute with; the processor unless told. */
  readonly device?: Device;
}

type Asked = Tasks['inspect']['ask'];
type Inspected = Tasks['inspect']['answer'];

interface Job {
  readonly ask: Asked;
  readonly attempt: Attempt;
  readonly resolve: (answer: Inspected) => void;
  readonly reject: (error: unknown) => void;
}

interface Place {
  release(): void;
}

/** An image that was let in; it is to be released, and with it its place, whatever came of it. */
export interface Arrival extends Place {
  /** Once all of it is there. Throws TOO_BUSY when all places are taken, or the caller's part of them. */
  takePlace(): void;
}

export class InspectionQueue {
  readonly #settings: QueueSettings;
  readonly #workers: RemoteThread[];
  /** Draws, and checks bundles that are offered: what must not wait for inspections, nor they for it. */
  #side: RemoteThread | undefined;
  readonly #jobs: Job[] = [];
  readonly #idle: (() => void)[] = [];
  /** Who sends images. */
  readonly #share: FairShare;
  #places = 0;
  #arriving = 0;
  #stopping = false;

  constructor(settings: QueueSettings) {
    this.#settings = settings;
    this.#share = new FairShare(settings.limit);
    this.#workers = Array.from({ length: settings.workers }, () => new RemoteThread(settings));
  }

  /** Images that arrive, wait or are inspected. */
  get length(): number {
    return this.#places + this.#arriving;
  }

  /** Whether an image sent now would be turned away. */
  get isFull(): boolean {
    return this.#places >= this.#settings.limit;
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
      takePlace: () => {
        place = this.#placeFor(caller);
        arrive();
      },
      release: () => {
        arrive();
        place?.release();
        place = undefined;
        if (this.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
      },
    };
  }

  #placeFor(caller: string): Place {
    this.#requireRoom();
    if (!this.#share.take(caller)) {
      throw new FelfriError(
        'TOO_BUSY',
        'others send images too, and your part of the queue is full; send it again in a second',
      );
    }
    this.#places++;
    return {
      release: () => {
        this.#places--;
        this.#share.giveBack(caller);
      },
    };
  }

  /** Opens a bundle in every worker, while they go on inspecting. Throws BUNDLE_INVALID or BUNDLE_GOLDEN. */
  async prepare(bundle: RecordedBundle): Promise<void> {
    this.#replaceFailed();
    const opening = this.#workers.map((worker) => worker.ask('open', bundle, { limitMillis: LIMITS.open }));
    // an image that found the worker busy with this is handed on afterwards
    for (const open of opening) void open.catch(() => undefined).then(() => this.#hand());
    await Promise.all(opening);
  }

  /**
   * Inspects an image, for which a place was taken; its bytes are handed over. Throws IMAGE_ codes, STATION_FAILED, and TOO_LATE where the
   * attempt is given up before its turn.
   */
  inspect(ask: Asked, attempt: Attempt): Promise<Inspected> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ ask, attempt, resolve, reject });
      this.#hand();
    });
  }

  #replaceFailed(): void {
    for (const [i, worker] of this.#workers.entries())
      if (worker.failed) this.#workers[i] = new RemoteThread(this.#settings);
  }

  #hand(): void {
    this.#replaceFailed();
    for (;;) {
      const worker = this.#workers.reduce((a, b) => (b.load < a.load ? b : a));
      const job = worker.load < AT_ONCE ? this.#jobs.shift() : undefined;
      if (!job) return;
      if (job.attempt.isGivenUp) {
        void job.attempt.givenUp.catch(job.reject);
        continue;
      }
      void worker
        .ask('inspect', job.ask, { handOver: [job.ask.bytes.buffer], limitMillis: LIMITS.inspect })
        .then(job.resolve, job.reject)
        .finally(() => this.#hand());
    }
  }

  #aside(): RemoteThread {
    if (!this.#side || this.#side.failed) this.#side = new RemoteThread({ ...this.#settings, threads: 1 });
    return this.#side;
  }

  check(directory: string): Promise<Tasks['check']['answer']> {
    return this.#aside().ask('check', { directory }, { limitMillis: LIMITS.check });
  }

  /** The bytes of a bundle's model. Throws BUNDLE_INVALID. */
  model(bundle: RecordedBundle): Promise<Uint8Array<ArrayBuffer>> {
    return this.#aside().ask('model', bundle, { limitMillis: LIMITS.open });
  }

  draw(ask: Tasks['draw']['ask']): Promise<Tasks['draw']['answer']> {
    return this.#aside().ask('draw', ask, { limitMillis: LIMITS.draw });
  }

  /** Takes no more images; resolves when all that were let in are done. */
  async drain(): Promise<void> {
    this.#stopping = true;
    if (this.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    await this.drain();
    await Promise.all([...this.#workers, ...(this.#side ? [this.#side] : [])].map((thread) => thread.end()));
  }
}
