/** What is asked of the station and shown: one way to load it, to say that it failed, to ask again, and to keep it fresh. */
import { type Problem, problemOf } from '../api/problem.ts';

type Load<T> = (signal: AbortSignal) => Promise<T>;

interface Options<T> {
  /** Milliseconds after which it is asked for again, by what came last; undefined: never. */
  readonly again?: (value: T) => number | undefined;
}

export class Resource<T> {
  #value = $state.raw<T>();
  #problem = $state.raw<Problem>();
  #loading = $state(false);
  readonly #load: Load<T>;
  readonly #again: NonNullable<Options<T>['again']>;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(load: Load<T>, { again = () => undefined }: Options<T> = {}) {
    this.#load = load;
    this.#again = again;
  }

  /** What came last; it stays while it is asked for anew, and when that fails. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Why the last question failed. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  get loading(): boolean {
    return this.#loading;
  }

  /** What is known by another way, such as the answer to a change; what is on its way is older, and dropped. */
  set value(value: T) {
    this.stop();
    this.#arrived(value);
  }

  /** Asks anew, and drops the question before. Never rejects. */
  readonly reload = async (): Promise<void> => {
    this.stop();
    const asking = new AbortController();
    this.#asking = asking;
    this.#loading = true;
    try {
      const value = await this.#load(asking.signal);
      if (this.#asking === asking) this.#arrived(value);
    } catch (error) {
      if (this.#asking === asking) this.#failed(error);
    }
  };

  /** Ends what is on its way, and asks no more until `reload`. */
  readonly stop = (): void => {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#loading = false;
    clearTimeout(this.#timer);
  };

  #arrived(value: T): void {
    this.#value = value;
    this.#problem = undefined;
    this.#end(value);
  }

  #failed(error: unknown): void {
    this.#problem = problemOf(error);
    this.#end(this.#value);
  }

  #end(value: T | undefined): void {
    this.#asking = undefined;
    this.#loading = false;
    const millis = value === undefined ? undefined : this.#again(value);
    if (millis !== undefined) this.#timer = setTimeout(this.reload, millis);
  }
}

/** For a component: asks at once, again whenever something changes that `load` reads before it waits, and no more once it is gone. */
export function resource<T>(load: Load<T>, options?: Options<T>): Resource<T> {
  const made = new Resource(load, options);
  $effect(() => {
    void made.reload();
    return made.stop;
  });
  return made;
}
