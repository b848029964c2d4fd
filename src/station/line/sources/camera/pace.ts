/** How much later than usual a frame came, by the camera's own clock against ours: after a stutter old frames come in a burst. */

/** Over which the quickest way counts as the usual one; clocks drift by some milliseconds in it. */
const WINDOW_MILLIS = 60_000;
const MOST = 10_000;
/** For so long no frame has come quicker, by more than its jitter, before the usual way is known. */
const SETTLE_MILLIS = 500;
const JITTER_MILLIS = 20;

export class Pace {
  #lags: { readonly at: number; readonly lag: number }[] = [];
  #quickest = Number.POSITIVE_INFINITY;
  #quickestAt: number | undefined;
  #isSettled = false;

  /**
   * Whether the usual way is known, by the frames so far. Each picture of a burst comes quicker than the one before it, and how old they are is
   * told by those after it alone. So it never is where stamps run faster than time, as those that ffmpeg makes up for MJPEG by HTTP.
   */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  #settle(at: number, lag: number): void {
    if (this.#quickestAt === undefined || lag < this.#quickest - JITTER_MILLIS) {
      this.#quickest = lag;
      this.#quickestAt = at;
      this.#isSettled = false;
    } else if (at - this.#quickestAt >= SETTLE_MILLIS) this.#isSettled = true;
  }

  /** Milliseconds beyond the quickest frame of the last minute; 0 without a stamp. `at` is when it came. */
  excess(at: number, stampMillis: number | null): number {
    this.#settle(at, stampMillis === null ? 0 : at - stampMillis);
    if (stampMillis === null) return 0;
    const lag = at - stampMillis;
    // of two, the older and slower is never the quickest again
    while (this.#lags.length > 0 && this.#lags.at(-1)!.lag >= lag) this.#lags.pop();
    this.#lags.push({ at, lag });
    while (this.#lags.length > 1 && (at - this.#lags[0]!.at > WINDOW_MILLIS || this.#lags.length > MOST))
      this.#lags.shift();
    return lag - this.#lags[0]!.lag;
  }
}

/** A frame that comes later than usual by so much is an alarm. */
const STUTTER_MILLIS = 500;

/** What to say of a frame that came so much later than usual; null where that is little. */
export const stutterOf = (excess: number): string | null =>
  excess < STUTTER_MILLIS
    ? null
    : `frames come ${(excess / 1000).toFixed(1)} s later than usual; a trigger takes none that is older than it`;
