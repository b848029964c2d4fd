/** The bundles that a thread has open, by their folder: those that are kept, few others at a time, and none closed while it is in use. */
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
  /** Folders of those that stay open. */
  #kept = new Set<string>();
  readonly #most: number;
  readonly #options: OpenOptions;
  #uses = 0;

  /** Leaves at most `most` open beside those that are kept. */
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

  /** From now on also one of this folder stays open. */
  keepAlso(directory: string): void {
    this.#kept.add(directory);
  }

  /** From now on those of these folders alone stay open; closes the others that are not in use. */
  keepOnly(directories: readonly string[]): Promise<void> {
    this.#kept = new Set(directories);
    return this.#closeBeyond(0);
  }

  async #closeBeyond(most: number): Promise<void> {
    const others = [...this.#entries].filter(([directory]) => !this.#kept.has(directory));
    const idle = others.filter(([, { users }]) => users === 0).sort(([, a], [, b]) => a.lastUse - b.lastUse);
    const closing = idle.slice(0, Math.max(0, others.length - most));
    // all at once, so that none is taken into use while another is closed
    for (const [directory] of closing) this.#entries.delete(directory);
    await Promise.all(closing.map(async ([, { inspector }]) => (await inspector).close()));
  }

  /** Closes all that are not in use. */
  close(): Promise<void> {
    return this.keepOnly([]);
  }
}
