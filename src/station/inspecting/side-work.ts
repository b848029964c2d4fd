/**
 * What is done beside the line, in processes that let the line go first: pictures to look at, and bundles from outside, each checked in a
 * process of its own that has a bound on memory and time. A model that means harm ends its own check and nothing else.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { viewMemory } from '../../data/image/decode.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import { Gate } from '../../inspect/gate.ts';
import { ComputingProcess } from './computing-process.ts';
import type { ImageMemory } from './image-memory.ts';
import type { RecordedBundle, Tasks } from './messages.ts';

/** After so long a computation is given up and its process ended. */
const LIMITS = { look: 60_000, model: 300_000, check: 300_000 } as const;
/** A process that nobody needs gives its memory back after so long. */
const IDLE_MILLIS = 30_000;
/** From so much on a picture is made in a process of its own, which at rest takes so much. */
const LARGE_BYTES = 150e6;
const AT_REST = 120e6;
/** Far more than a picture takes that is let through. */
const MOST_BYTES = 2e9;
/** Bytes that checking a bundle may take, beside so many times its model, which is read, decoded and prepared. */
const CHECK_BYTES = 1.5e9;
const MODEL_TIMES = 6;
/** Bytes a pixel of a heat map that is drawn: the image twice, the map as float32, the PNG. */
const DRAWN = 16;

async function checkBytes(directory: string): Promise<number> {
  const model = await stat(join(directory, 'model.onnx')).catch(() => undefined);
  return CHECK_BYTES + MODEL_TIMES * (model?.size ?? 0);
}

export interface SideSettings {
  readonly device?: Device;
  /** Seconds in which a bundle must be checked; 300 unless told. */
  readonly checkSeconds?: number;
}

export class SideWork {
  readonly #settings: SideSettings;
  readonly #memory: ImageMemory;
  readonly #checks = new Gate(1);
  readonly #models = new Gate(1);
  /** That have one thing to do and then end. */
  readonly #others = new Set<ComputingProcess>();
  #process: ComputingProcess | undefined;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(settings: SideSettings, memory: ImageMemory) {
    this.#settings = settings;
    this.#memory = memory;
  }

  #start(mostBytes: number, failureOf?: (why: string) => FelfriError): ComputingProcess {
    const { device } = this.#settings;
    return new ComputingProcess({ ...(device && { device }), threads: 1, background: 'behind', mostBytes }, failureOf);
  }

  /** Opens a bundle, replays its golden images and computes its figures again; one at a time. Throws BUNDLE_ codes, also where that takes too much. */
  check(directory: string): Promise<Tasks['check']['answer']> {
    return this.#checks.pass(async () => {
      const mostBytes = await checkBytes(directory);
      const process = this.#start(
        mostBytes,
        (why) =>
          new FelfriError(
            'BUNDLE_INVALID',
            `${directory}: the check of its model was ended (${why}); legal are models that take up to ${Math.round(mostBytes / 1e6)} MB of memory and do not crash`,
            { subject: directory },
          ),
      );
      this.#others.add(process);
      const limitMillis = (this.#settings.checkSeconds ?? LIMITS.check / 1000) * 1000;
      try {
        return await process.ask('check', { directory }, { limitMillis });
      } finally {
        await process.terminate();
        this.#others.delete(process);
      }
    });
  }

  async #with<T>(work: (process: ComputingProcess) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#users++;
    if (!this.#process || this.#process.failed) this.#process = this.#start(MOST_BYTES);
    try {
      return await work(this.#process);
    } finally {
      if (--this.#users === 0) this.#idle = setTimeout(() => void this.#end(), IDLE_MILLIS).unref();
    }
  }

  async #end(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.end();
  }

  /** In a process that ends with the work and gives all its memory back. */
  async #alone<T>(work: (process: ComputingProcess) => Promise<T>): Promise<T> {
    const process = this.#start(MOST_BYTES);
    this.#others.add(process);
    try {
      return await work(process);
    } finally {
      await process.terminate();
      this.#others.delete(process);
    }
  }

  async #look<T extends 'size' | 'mask' | 'view' | 'draw'>(
    task: T,
    ask: Tasks[T]['ask'],
    drawn: number,
  ): Promise<Tasks[T]['answer']> {
    const bytes = (await viewMemory(ask.bytes, 'the image', ask)) + drawn;
    const isLarge = bytes > LARGE_BYTES;
    const release = await this.#memory.take(bytes + (isLarge ? AT_REST : 0), 'view');
    const work = (process: ComputingProcess) => process.ask(task, ask, { limitMillis: LIMITS.look });
    try {
      return await (isLarge ? this.#alone(work) : this.#with(work));
    } finally {
      release();
    }
  }

  /** Throws IMAGE_ codes. */
  size(ask: Tasks['size']['ask']): Promise<Tasks['size']['answer']> {
    return this.#look('size', ask, 0);
  }

  /** Throws IMAGE_ and MASK_ codes. */
  mask(ask: Tasks['mask']['ask']): Promise<Tasks['mask']['answer']> {
    return this.#look('mask', ask, 0);
  }

  /** Throws IMAGE_ codes. */
  view(ask: Tasks['view']['ask']): Promise<Tasks['view']['answer']> {
    return this.#look('view', ask, 0);
  }

  /** Throws IMAGE_ codes. */
  draw(ask: Tasks['draw']['ask']): Promise<Tasks['draw']['answer']> {
    return this.#look('draw', ask, DRAWN * ask.longest ** 2);
  }

  /** Where the model of a bundle lies, once it was seen to be the one on record; one is looked at at a time. Throws BUNDLE_INVALID. */
  model(bundle: RecordedBundle): Promise<string> {
    return this.#models.pass(async () => {
      await this.#with((process) => process.ask('model', bundle, { limitMillis: LIMITS.model }));
      return join(bundle.directory, 'model.onnx');
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all([this.#end(), ...[...this.#others].map((process) => process.terminate())]);
  }
}
