/** Sessions and trainers in worker threads of their own, so that computing never blocks the caller's thread. */
import type { NamedTensors } from '../../core/tensor.ts';
import type { Feeds, Fetches, Runner, SessionOptions } from '../runtime/onnxruntime.ts';
import type { TrainingProgram } from '../training/program.ts';
import type { StepResult, TrainerLike, TrainerOptions, TrainerState } from '../training/trainer.ts';
import type { SessionTasks, TrainerTasks } from './protocol.ts';
import { type TasksOf, Thread } from './questions.ts';
import { startWorker } from './start.ts';

const failureOf = (why: string): Error => new Error(`the computing thread failed: ${why}`);

/** How long a thread may take to load what it needs. */
const LOAD_MILLIS = 30_000;

/** An idle one does not keep the process alive. */
const computing = <Tasks extends TasksOf<Tasks>>(): Thread<Tasks> =>
  new Thread<Tasks>(startWorker('host'), failureOf, { idleKeepsAlive: false });

/** A thread that waits for its model. */
export interface PreparedSession {
  /** To be called once. */
  load(model: Uint8Array | string, options?: SessionOptions): Promise<WorkerSession>;
  /** Ends the thread when there will be no model. */
  abandon(): Promise<void>;
}

/** A session in a worker thread. */
export class WorkerSession implements Runner {
  readonly #thread: Thread<SessionTasks>;

  private constructor(thread: Thread<SessionTasks>) {
    this.#thread = thread;
  }

  static create(model: Uint8Array | string, options?: SessionOptions): Promise<WorkerSession> {
    return WorkerSession.prepare().load(model, options);
  }

  /** Starts a thread before the model is at hand, so that what it needs is loaded meanwhile. */
  static prepare(): PreparedSession {
    const thread = computing<SessionTasks>();
    return {
      load: async (model, options = {}) => {
        await opened(thread, thread.ask('open', { model, options }));
        return new WorkerSession(thread);
      },
      abandon: async () => {
        // onnxruntime-node ends the whole process where its thread is ended while it loads
        await thread.ask('ready', null, { limitMillis: LOAD_MILLIS }).catch(() => undefined);
        await thread.terminate();
      },
    };
  }

  run(feeds: Feeds, outputs?: readonly string[], handOver: ArrayBuffer[] = []): Promise<Fetches> {
    return this.#thread.ask('run', { feeds, outputs }, { handOver });
  }

  async release(): Promise<void> {
    if (!this.#thread.failed) await this.#thread.ask('close', null);
    await this.#thread.terminate();
  }
}

/** A trainer in a worker thread. */
export class WorkerTrainer implements TrainerLike {
  readonly #thread: Thread<TrainerTasks>;

  private constructor(thread: Thread<TrainerTasks>) {
    this.#thread = thread;
  }

  static async create(program: TrainingProgram, options: TrainerOptions): Promise<WorkerTrainer> {
    const thread = computing<TrainerTasks>();
    await opened(thread, thread.ask('begin', { program, options }));
    return new WorkerTrainer(thread);
  }

  step(feeds: Feeds, learningRate: number): Promise<StepResult> {
    return this.#thread.ask('step', { feeds, learningRate });
  }

  evaluate(feeds: Feeds): Promise<Fetches> {
    return this.#thread.ask('evaluate', feeds);
  }

  weights(): Promise<NamedTensors> {
    return this.#thread.ask('weights', null);
  }

  state(): Promise<TrainerState> {
    return this.#thread.ask('state', null);
  }

  async restore(state: TrainerState): Promise<void> {
    await this.#thread.ask('restore', state);
  }

  async release(): Promise<void> {
    if (!this.#thread.failed) await this.#thread.ask('end', null);
    await this.#thread.terminate();
  }
}

/** A thread that holds nothing in the end is of no use. */
async function opened(thread: { terminate(): Promise<void> }, opening: Promise<null>): Promise<void> {
  try {
    await opening;
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}
