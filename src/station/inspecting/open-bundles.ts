/** The bundles that a thread has open, by their folder: few at a time, and none closed while it is in use. */
import type { OpenOptions } from '../../bundle/open.ts';
import { Inspector } from '../../inspect/inspector.ts';
import type { RecordedBundle } from './messages.ts';

interface Entry {
  readonly inspector: Promise<Inspector>;
  users: number;
  /** Rises with every use. */
  lastUse: number;
}

export class OpenBundles {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;
  readonly #options: OpenOptions;
  #uses = 0;

  /** Keeps at most `most` open that are not in use. */
  constructor(most: number, options: OpenOptions) {
    this.#most = most;
    this.#options = options;
  }

  #entry({ directory, hash }: RecordedBundle): Entry {
    const known = this.#entries.get(directory);
    if (known) return known;
    const inspector = Inspector.open(directory, { ...this.#options, hash });
    const entry = { inspector, users: 0, lastUse: 0 };
    this.#entries.set(directory, entry);
    // what could not be opened may be tried again
    inspector.catch(() => this.#entries.delete(directory));
    return entry;
  }

  /** Opens the bundle where it is not open, and works with it. Throws BUNDLE_INVALID, also for another than is on record, or BUNDLE_GOLDEN. */
  async use<T>(bundle: RecordedBundle, work: (inspector: Inspector) => Promise<T>): Promise<T> {
    const entry = this.#entry(bundle);
    entry.users++;
    entry.lastUse = ++this.#uses;
    try {
      return await work(await entry.inspector);
    } finally {
      entry.users--;
      await this.#closeBeyond(this.#most);
    }
  }

  async #closeBeyond(most: number): Promise<void> {
    const idle = [...this.#entries]
      .filter(([, { users }]) => users === 0)
      .sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [directory, { inspector }] of idle.slice(0, Math.max(0, this.#entries.size - most))) {
      this.#entries.delete(directory);
      await (await inspector).close();
    }
  }

  /** Closes all that are not in use. */
  close(): Promise<void> {
    return this.#closeBeyond(0);
  }
}
