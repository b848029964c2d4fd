/**
 * The processes that inspect: who gets the next image, and what becomes of one that hangs or crashes. It is ended and replaced by another,
 * which opens the recipe's bundle before it gets an image; a bundle that does so thrice in succession is not tried again.
 */
import { FelfriError } from '../../core/errors.ts';
import { Gate } from '../../inspect/gate.ts';
import type { Attempt } from './attempt.ts';
import { ComputingProcess } from './computing-process.ts';
import type { ComputingSettings, RecordedBundle, Tasks } from './messages.ts';

/** One image is decoded while another is computed. */
const AT_ONCE = 2;
/** Hangs and crashes in succession after which a bundle is not tried again; fewer may come of a machine that is too busy. */
const MOST_FAILURES = 3;
/** A process that owes an answer may be silent for so long, or for five of its inspections, before it is not counted on. */
const LEAST_SILENT_MILLIS = 2000;
/** In which a bundle must open. */
const OPEN_MILLIS = 300_000;

type Asked = Tasks['inspect']['ask'];
type Inspected = Tasks['inspect']['answer'];

interface Job {
  readonly ask: Asked;
  readonly attempt: Attempt;
  readonly resolve: (answer: Inspected) => void;
  readonly reject: (error: unknown) => void;
  /** Whether it was with a process that another image ended. */
  isSecondTry?: true;
}

interface Lane {
  readonly process: ComputingProcess;
  /** Whether it cannot inspect yet, as it took the place of another. */
  isNew: boolean;
  /** Why it could not open the bundle that it should. */
  problem: string | null;
  images: number;
  /** When it last gave an answer, or got an image while it had none. */
  seen: number;
}

const failing = (why: string): FelfriError =>
  new FelfriError('BUNDLE_FAILS', `${why}; activate the recipe again to try it`);

export class Lanes {
  readonly #settings: ComputingSettings;
  /** In which an image must be inspected. */
  readonly #limitMillis: number;
  readonly #lanes: Lane[];
  readonly #jobs: Job[] = [];
  /** What a new process opens. */
  #standing: RecordedBundle | undefined;
  /** Folders of the bundles in use, as they were told last. */
  #kept: readonly string[] = [];
  /** Images that wait or are inspected, by the folder of their bundle. */
  readonly #asked = new Map<string, number>();
  /** Of bundles by their folder, in succession. */
  readonly #failures = new Map<string, number>();
  /** Bundles of recipes that images name, which are opened one at a time. */
  readonly #opening = new Gate(1);
  /** Of the inspections of late, milliseconds. */
  #slowest = 0;
  #isEnding = false;

  constructor(settings: ComputingSettings, count: number, limitMillis: number) {
    this.#settings = settings;
    this.#limitMillis = limitMillis;
    this.#lanes = Array.from({ length: count }, () => this.#newLane());
  }

  #newLane(): Lane {
    return { process: new ComputingProcess(this.#settings), isNew: false, problem: null, images: 0, seen: 0 };
  }

  /** Why an image sent now would not be inspected soon; null where it would. */
  get trouble(): string | null {
    this.#replaceFailed();
    if (this.#lanes.some((lane) => !lane.isNew && lane.problem === null && !this.#isSilent(lane))) return null;
    const [first] = this.#lanes as [Lane];
    if (first.problem !== null) return first.problem;
    if (first.isNew) return 'the inspecting process failed, and another one starts';
    return `no inspection has ended for ${Math.round((performance.now() - first.seen) / 1000)} seconds`;
  }

  #isSilent({ images, seen }: Lane): boolean {
    const usual = Math.max(LEAST_SILENT_MILLIS, 5 * this.#slowest);
    return images > 0 && performance.now() - seen > Math.min(usual, this.#limitMillis / 3);
  }

  /** Resolves when a process shows that it is there; one that does not is ended. Throws where none does. */
  async trial(): Promise<void> {
    this.#replaceFailed();
    const limitMillis = this.#limitMillis;
    await Promise.any(this.#lanes.map(({ process }) => process.ask('ping', null, { limitMillis })));
  }

  /** Opens a bundle in every process, while they go on inspecting. Throws BUNDLE_INVALID or BUNDLE_GOLDEN. */
  async prepare(bundle: RecordedBundle): Promise<void> {
    await this.prepareBeside(bundle);
    this.#standing = bundle;
    for (const lane of this.#lanes) lane.problem = null;
  }

  /** As `prepare`, of a bundle that is used beside the one of before. */
  async prepareBeside(bundle: RecordedBundle): Promise<void> {
    this.#replaceFailed();
    const ask = { ...bundle, isKept: true } as const;
    const opening = this.#lanes.map(({ process }) => process.ask('open', ask, { limitMillis: OPEN_MILLIS }));
    // an image that found the process busy with this is handed on afterwards
    for (const open of opening) void open.catch(() => undefined).then(() => this.#hand());
    await Promise.all(opening);
    this.#failures.delete(bundle.directory);
  }

  /**
   * Closes all bundles but those of these folders, what was prepared last, and those by which images wait or are inspected. Gives the memory that
   * the processes then take, bytes.
   */
  async keepOnly(directories: readonly string[]): Promise<number> {
    this.#kept = [...directories, ...(this.#standing ? [this.#standing.directory] : [])];
    const ask = { directories: [...this.#kept, ...this.#asked.keys()] };
    // a process that hangs is found by its images
    const keeping = this.#lanes.map(({ process }) => process.ask('keep', ask, { limitMillis: OPEN_MILLIS }));
    return (await Promise.all(keeping)).reduce((a, b) => a + b, 0);
  }

  /** Throws IMAGE_ and BUNDLE_ codes, PROCESS_ENDED, and TOO_LATE where the attempt is given up before its turn. */
  async inspect(ask: Asked, attempt: Attempt): Promise<Inspected> {
    const { directory } = ask.bundle;
    const count = this.#failures.get(directory) ?? 0;
    if (count >= MOST_FAILURES) throw failing(`its processes failed ${count} times in succession`);
    this.#asked.set(directory, (this.#asked.get(directory) ?? 0) + 1);
    try {
      if (this.#standing && directory !== this.#standing.directory) await this.#openBeside(ask.bundle, attempt);
      return await new Promise((resolve, reject) => {
        this.#jobs.push({ ask, attempt, resolve, reject });
        this.#hand();
      });
    } finally {
      const left = this.#asked.get(directory)! - 1;
      if (left > 0) this.#asked.set(directory, left);
      else this.#asked.delete(directory);
    }
  }

  /** Opens the bundle of a recipe that is not the active one before an image by it gets a turn: opening would hold up the line's. */
  #openBeside(bundle: RecordedBundle, attempt: Attempt): Promise<void> {
    return this.#opening.pass(async () => {
      if (attempt.isGivenUp) return;
      this.#replaceFailed();
      const [...lanes] = this.#lanes;
      try {
        await Promise.all(lanes.map(({ process }) => process.ask('open', bundle, { limitMillis: OPEN_MILLIS })));
      } catch (error) {
        throw lanes.some(({ process }) => process.failed) ? this.#failureOf(bundle, error as Error) : error;
      } finally {
        this.#hand();
      }
    });
  }

  #replaceFailed(): void {
    if (this.#isEnding) return;
    for (const [i, { process }] of this.#lanes.entries()) {
      if (!process.failed) continue;
      const lane = this.#newLane();
      this.#lanes[i] = lane;
      if (this.#standing) void this.#ready(lane, this.#standing);
    }
  }

  async #ready(lane: Lane, bundle: RecordedBundle): Promise<void> {
    lane.isNew = true;
    try {
      await lane.process.ask('keep', { directories: this.#kept }, { limitMillis: OPEN_MILLIS });
      await lane.process.ask('open', { ...bundle, isKept: true }, { limitMillis: OPEN_MILLIS });
    } catch (error) {
      lane.problem = (error as Error).message;
    }
    lane.isNew = false;
    this.#hand();
  }

  #free(): Lane | undefined {
    const able = this.#lanes.filter((lane) => !lane.isNew && lane.images < AT_ONCE && !this.#isSilent(lane));
    return able.length === 0 ? undefined : able.reduce((a, b) => (b.images < a.images ? b : a));
  }

  #hand(): void {
    this.#replaceFailed();
    for (;;) {
      const lane = this.#free();
      const job = lane && this.#jobs.shift();
      if (!job) return;
      if (job.attempt.isGivenUp) void job.attempt.givenUp.catch(job.reject);
      else void this.#run(lane, job);
    }
  }

  async #run(lane: Lane, job: Job): Promise<void> {
    const begin = performance.now();
    const before = lane.images++;
    if (before === 0) lane.seen = begin;
    try {
      // who waits behind others gets their time too
      const limitMillis = (before + 1) * this.#limitMillis;
      const answer = await lane.process.ask('inspect', job.ask, { limitMillis });
      this.#failures.delete(job.ask.bundle.directory);
      lane.problem = null;
      this.#slowest = Math.max(0.9 * this.#slowest, performance.now() - begin);
      job.resolve(answer);
    } catch (error) {
      if (!lane.process.failed || this.#isEnding) job.reject(error);
      else if (before > 0 && !job.isSecondTry) this.#jobs.unshift(Object.assign(job, { isSecondTry: true as const }));
      else job.reject(this.#failureOf(job.ask.bundle, error as Error));
    } finally {
      lane.images--;
      lane.seen = performance.now();
      this.#hand();
    }
  }

  #failureOf({ directory }: RecordedBundle, error: Error): Error {
    const count = (this.#failures.get(directory) ?? 0) + 1;
    this.#failures.set(directory, count);
    return count < MOST_FAILURES ? error : failing(`${error.message}, as ${count - 1} times before`);
  }

  /** Ends all at once; what they owe is refused. */
  async abandon(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#lanes.map(({ process }) => process.terminate()));
    const error = new FelfriError('TOO_BUSY', 'the station is stopping; send the image again in a while');
    for (const { reject } of this.#jobs.splice(0)) reject(error);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#lanes.map(({ process }) => process.end()));
  }
}
