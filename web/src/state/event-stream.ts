/** The station's events over a connection that is made anew whenever it ends or falls silent. Knows no runes: what it hears it tells. */
import { eventsAddress } from '../api/addresses.ts';
import type { StationEvent } from '../api/contract.ts';

/** After an answer that is no event stream a browser gives up for good; then it is tried again after this long. */
const AGAIN_MILLIS = 3000;

interface Told {
  /** What happens from here on is told; what happened before is not. */
  readonly onopen: () => void;
  readonly onevent: (event: StationEvent) => void;
  readonly onend: () => void;
  /** Whether it is still wanted once a browser has given up. */
  readonly isWanted: () => boolean;
}

const types = ['heartbeat', 'inspection', 'recipe'] as const satisfies readonly StationEvent['type'][];

export class EventStream {
  readonly #told: Told;
  #source: EventSource | undefined;
  #tried = 0;

  constructor(told: Told) {
    this.#told = told;
  }

  /** When a connection was tried last, of the page's own clock. */
  get tried(): number {
    return this.#tried;
  }

  /** What is open now, to be compared with what is open later; undefined where nothing is. */
  get open(): object | undefined {
    return this.#source?.readyState === EventSource.OPEN ? this.#source : undefined;
  }

  listen(): void {
    this.close();
    this.#tried = performance.now();
    const source = new EventSource(eventsAddress);
    this.#source = source;
    source.addEventListener('open', this.#told.onopen);
    for (const type of types) {
      source.addEventListener(type, ({ data }: MessageEvent<string>) =>
        this.#told.onevent(JSON.parse(data) as StationEvent),
      );
    }
    source.addEventListener('error', () => {
      this.#told.onend();
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(() => this.#source === source && this.#told.isWanted() && this.listen(), AGAIN_MILLIS);
    });
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
  }
}
