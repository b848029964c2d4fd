/** Cameras that take a picture at fixed times, whether or not former ones were decided, and send each until it is. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Promised } from '../faults/clients.ts';
import type { Images } from '../pressure-tasks.ts';

/** Before an image is sent again: twice as long each time, and not all at once. Who comes again at once keeps a busy station busy with refusals. */
const AGAIN_MILLIS = 1000;
const LONGEST_MILLIS = 16_000;
/** Images of a camera that are under way. A line that is held takes no more pictures. */
const MOST_UNDER_WAY = 8;

/** An image that was decided. */
export interface Decided {
  /** When it was taken, by performance.now(). */
  readonly due: number;
  readonly millis: number;
  /** How often it was sent. */
  readonly sent: number;
}

export interface CameraSettings {
  readonly address: () => string;
  readonly images: Images;
  /** The images' resultIds begin so. */
  readonly name: string;
  /** Of all cameras together. */
  readonly perSecond: number;
  readonly cameras: number;
  /** What was promised is appended there. */
  readonly promises: string;
}

export class Cameras {
  readonly #settings: CameraSettings;
  readonly #stop = new AbortController();
  readonly #ended: Promise<unknown>;
  #decided: Decided[] = [];
  /** Answers by their status; 0 where none came. */
  readonly statuses: Record<string, number> = {};
  taken = 0;

  constructor(settings: CameraSettings) {
    this.#settings = settings;
    this.#ended = Promise.all(Array.from({ length: settings.cameras }, (_, camera) => this.#run(camera)));
  }

  /** Those since the last call. */
  decided(): readonly Decided[] {
    const decided = this.#decided;
    this.#decided = [];
    return decided;
  }

  async #run(camera: number): Promise<void> {
    const { perSecond, cameras, name } = this.#settings;
    const every = (1000 * cameras) / perSecond;
    const begin = performance.now() + (every * camera) / cameras;
    const under = new Set<Promise<void>>();
    for (let i = 0; !this.#stop.signal.aborted; i++) {
      const due = begin + i * every;
      const wait = due - performance.now();
      if (wait > 1) await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      while (under.size >= MOST_UNDER_WAY) await Promise.race(under);
      if (this.#stop.signal.aborted) break;
      this.taken++;
      const sending = this.#untilDecided(`${name}-${camera}-${i}`, i, due);
      under.add(sending);
      void sending.then(() => under.delete(sending));
    }
    await Promise.all(under);
  }

  /** Also once the cameras are stopped: what was taken is decided, or the run does not end. */
  async #untilDecided(resultId: string, index: number, due: number): Promise<void> {
    for (let sent = 1; ; sent++) {
      // a part that is sent twice at once is one part
      const twice = index % 100 === 50 ? [this.#send(resultId, index)] : [];
      const [isDecided] = await Promise.all([this.#send(resultId, index), ...twice]);
      if (isDecided) {
        this.#decided.push({ due, millis: performance.now() - due, sent });
        return;
      }
      await sleep(Math.min(LONGEST_MILLIS, AGAIN_MILLIS * 2 ** (sent - 1)) * (0.5 + Math.random()));
    }
  }

  async #send(resultId: string, index: number): Promise<boolean> {
    const { address, images, promises } = this.#settings;
    let status = 0;
    try {
      const answer = await fetch(`${address()}/api/inspections?resultId=${resultId}`, {
        method: 'POST',
        body: images[index % images.length]!,
        headers: { 'content-type': 'image/png' },
        signal: AbortSignal.timeout(60_000),
      });
      const record = (await answer.json()) as Promised;
      status = answer.status;
      if (answer.ok) {
        const { id, resultId: of, decision, score, imageHash } = record;
        appendFileSync(promises, `${JSON.stringify({ id, resultId: of, decision, score, imageHash })}\n`);
      }
    } catch {
      // killed, or silent
    }
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    return status === 200 || status === 201;
  }

  /** Takes no more pictures; resolves once all that were taken are decided. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
