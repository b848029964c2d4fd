/** What the station tells those who listen. */
import type { StationEvent } from './contract/station.ts';

export type Listener = (event: StationEvent) => void;

export class StationEvents {
  readonly #listeners = new Set<Listener>();

  /** Gives a function that ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: StationEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
