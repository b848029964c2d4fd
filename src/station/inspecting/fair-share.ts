/** How places are shared out: whoever is alone may have them all; as soon as another asks, nobody gets more than an equal part. */

/** Who did not ask for so long leaves the places to the others. */
const SEEN_MILLIS = 10_000;

interface Caller {
  held: number;
  askedAt: number;
}

export class FairShare {
  readonly #places: number;
  readonly #callers = new Map<string, Caller>();

  constructor(places: number) {
    this.#places = places;
  }

  /** Somebody asks, at this time in milliseconds. */
  see(name: string, now: number): void {
    this.#callers.set(name, { held: this.#callers.get(name)?.held ?? 0, askedAt: now });
    for (const [other, { held, askedAt }] of this.#callers)
      if (held === 0 && now - askedAt > SEEN_MILLIS) this.#callers.delete(other);
  }

  /** Takes a place for a caller that was seen; false where it holds its part already. */
  take(name: string): boolean {
    const caller = this.#callers.get(name)!;
    if (caller.held >= Math.ceil(this.#places / this.#callers.size)) return false;
    caller.held++;
    return true;
  }

  giveBack(name: string): void {
    this.#callers.get(name)!.held--;
  }
}
