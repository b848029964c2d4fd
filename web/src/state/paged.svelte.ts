/** A long list, newest first, that is loaded page by page. */
import type { Problem } from '../api/problem.ts';
import { Resource } from './resource.svelte.ts';

interface Part<Item, Mark> {
  readonly items: readonly Item[];
  /** Where the older ones begin; undefined: there are none. */
  readonly next: Mark | undefined;
}

type Load<Item, Mark> = (before: Mark | undefined, signal: AbortSignal) => Promise<Part<Item, Mark>>;

export class Paged<Item, Mark> {
  readonly #pages: Resource<Part<Item, Mark>>;
  /** The page that is asked for comes after these. */
  #after: Part<Item, Mark> | undefined;

  constructor(load: Load<Item, Mark>) {
    this.#pages = new Resource<Part<Item, Mark>>(async (signal) => {
      const after = this.#after;
      const { items, next } = await load(after?.next, signal);
      return { items: [...(after?.items ?? []), ...items], next };
    });
  }

  /** undefined until the first page came. */
  get items(): readonly Item[] | undefined {
    return this.#pages.value?.items;
  }

  get hasMore(): boolean {
    return this.#pages.value?.next !== undefined;
  }

  get loading(): boolean {
    return this.#pages.loading;
  }

  get problem(): Problem | undefined {
    return this.#pages.problem;
  }

  /** From the newest on. */
  readonly reload = (): Promise<void> => {
    this.#after = undefined;
    return this.#pages.reload();
  };

  /** The next older ones. */
  readonly more = (): Promise<void> => {
    this.#after = this.#pages.value;
    return this.#pages.reload();
  };

  /** What was asked last, once more. */
  readonly again = (): Promise<void> => this.#pages.reload();
}
