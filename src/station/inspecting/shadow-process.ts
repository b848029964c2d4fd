/**
 * The process in which a shadow judges: at the lowest priority, in memory that pictures of the line do not need. Where they come to need it, it is
 * ended at once and opened again later.
 */
import { FelfriError } from '../../core/errors.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { inspectedBytes } from '../../data/image/memory.ts';
import { ComputingProcess } from './computing-process.ts';
import type { ImageMemory } from './image-memory.ts';
import { WAITING_FOR_SHADOW } from './memory-plan.ts';
import type { RecordedBundle, Tasks } from './messages.ts';

type Asked = Pick<Tasks['inspect']['ask'], 'bytes' | 'maxPixels' | 'limits'>;

/** In which a bundle must open. */
const OPEN_MILLIS = 300_000;

/** What one takes at least, before it is known. */
const LEAST_BYTES = 100e6;

export class ShadowProcess {
  readonly #memory: ImageMemory;
  readonly #bundle: RecordedBundle;
  readonly #limitMillis: number;
  #process: ComputingProcess | undefined;
  /** Of memory, to be given back. */
  readonly #ends = new Set<() => void>();
  #endRest: () => void = () => undefined;
  #isOpening = false;
  #isRecalled = false;

  constructor(memory: ImageMemory, bundle: RecordedBundle, limitMillis: number) {
    this.#memory = memory;
    this.#bundle = bundle;
    this.#limitMillis = limitMillis;
  }

  #lend(bytes: number, beside?: 'the most so far'): () => void {
    const end = this.#memory.lend(bytes, () => this.#recall(), beside);
    const once = (): void => {
      end();
      this.#ends.delete(once);
    };
    this.#ends.add(once);
    return once;
  }

  #recall(): void {
    this.#isRecalled = true;
    void this.end();
  }

  /**
   * Opens the bundle in a new process, where none has it open, and borrows what that takes. Throws MEMORY_FULL, also where memory was called
   * back meanwhile; BUNDLE_ codes; and PROCESS_ENDED.
   */
  async open(beside?: 'the most so far'): Promise<void> {
    if (this.#process && !this.#process.failed) return;
    if (this.#process) {
      await this.end();
      throw new FelfriError('PROCESS_ENDED', 'the process of the shadow ended while it had nothing to do');
    }
    this.#isRecalled = false;
    const first = this.#lend(LEAST_BYTES, beside);
    const { bytes } = this.#memory;
    const mostBytes = Number.isFinite(bytes) ? { mostBytes: bytes } : {};
    const process = new ComputingProcess({ threads: 1, background: 'last', ...mostBytes }, (why) =>
      // it was opened before, when it was uploaded
      this.#isOpening && 'mostBytes' in mostBytes
        ? new FelfriError('MEMORY_FULL', `its bundle does not open in ${Math.floor(bytes / 1e6)} MB of memory: ${why}`)
        : new FelfriError('PROCESS_ENDED', `the process of the shadow failed: ${why}`),
    );
    this.#process = process;
    this.#isOpening = true;
    await this.#guarded(process, async () => {
      const atRest = await process.ask('open', this.#bundle, { limitMillis: OPEN_MILLIS });
      first();
      this.#endRest = this.#lend(atRest + WAITING_FOR_SHADOW, beside);
    });
    this.#isOpening = false;
  }

  /** `millis`: without opening the bundle. Throws MEMORY_FULL where pictures of the line need the memory, IMAGE_ and BUNDLE_ codes, SCORE_INVALID, and PROCESS_ENDED. */
  async judge(ask: Asked): Promise<Tasks['inspect']['answer'] & { readonly millis: number }> {
    await this.open();
    const process = this.#process!;
    const header = await readImageHeader(ask.bytes, 'the image', ask.maxPixels);
    const end = this.#lend(inspectedBytes(header, ask.bytes.length));
    try {
      const limitMillis = this.#limitMillis;
      const start = performance.now();
      const found = await this.#guarded(process, () =>
        process.ask('inspect', { bundle: this.#bundle, ...ask }, { limitMillis }),
      );
      const millis = performance.now() - start;
      end();
      await this.#measure(process);
      return { ...found, millis };
    } finally {
      end();
    }
  }

  /** Borrows what it takes by now; where that is not there, it is opened anew for the next image. */
  async #measure(process: ComputingProcess): Promise<void> {
    try {
      const atRest = await process.ask('open', this.#bundle, { limitMillis: this.#limitMillis });
      this.#endRest();
      this.#endRest = this.#lend(atRest + WAITING_FOR_SHADOW);
    } catch {
      await this.end();
    }
  }

  /** Ends the process with what went wrong of it; an image that cannot be judged costs itself alone. */
  async #guarded<T>(process: ComputingProcess, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const ofImage = error instanceof FelfriError && isOfImage(error);
      if (!ofImage || process.failed) await this.end();
      if (this.#isRecalled)
        throw new FelfriError('MEMORY_FULL', 'pictures of the line needed the memory', { cause: error });
      throw error;
    }
  }

  /** At once, whatever it computes, and gives its memory back. */
  async end(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#isOpening = false;
    for (const end of [...this.#ends]) end();
    await process?.terminate();
  }
}

/** Whether it says that a picture cannot be judged, which is nobody's fault. */
export const isOfImage = ({ code }: FelfriError): boolean => /^(IMAGE_|SCORE_INVALID)/.test(code);
