/** Those who use the station meanwhile: cameras that send an image until it is decided, and a controller that asks whether it is ready. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inspection } from '../../src/station/contract/inspections.ts';

/** What a 201 or 200 promised. */
export type Promised = Pick<Inspection, 'id' | 'resultId' | 'decision' | 'score' | 'imageHash'>;

interface Sending {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0 where no answer came. */
  readonly status: number;
}

interface Asking {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly ready: boolean;
}

/** Between two images of a camera, and before one is sent again. */
const PAUSE_MILLIS = 120;
const READY_MILLIS = 150;

export class Clients {
  /** Of the latest fault: cleared by whoever judges it. */
  readonly sendings: Sending[] = [];
  readonly askings: Asking[] = [];
  readonly statuses: Record<string, number> = {};
  acknowledged = 0;
  readonly #address: () => string;
  readonly #images: readonly Uint8Array<ArrayBuffer>[];
  readonly #file: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<unknown>;

  /** `name` tells the images of this start from those of an earlier one; what is promised is appended to `file`. */
  constructor(address: () => string, images: readonly Uint8Array<ArrayBuffer>[], name: string, file: string) {
    this.#address = address;
    this.#images = images;
    this.#file = file;
    this.#ended = Promise.all([this.#camera(`${name}-a`), this.#camera(`${name}-b`), this.#controller()]);
  }

  async #camera(name: string): Promise<void> {
    for (let i = 0; !this.#stop.signal.aborted; i++) {
      const once = (): Promise<boolean> => this.#send(i, `${name}-${i}`);
      if (i % 20 === 10) await Promise.all([once(), once()]);
      while (!this.#stop.signal.aborted && !(await once())) await sleep(PAUSE_MILLIS);
      await sleep(PAUSE_MILLIS);
    }
  }

  /** Whether it was decided and recorded. */
  async #send(index: number, resultId: string): Promise<boolean> {
    const sentAt = performance.now();
    let status = 0;
    try {
      const answer = await fetch(`${this.#address()}/api/inspections?resultId=${resultId}`, {
        method: 'POST',
        body: this.#images[index % this.#images.length]!,
        headers: { 'content-type': 'image/png' },
        signal: AbortSignal.timeout(20_000),
      });
      const record = (await answer.json()) as Promised;
      status = answer.status;
      if (status === 200 || status === 201) {
        const { id, resultId: of, decision, score, imageHash } = record;
        appendFileSync(this.#file, `${JSON.stringify({ id, resultId: of, decision, score, imageHash })}\n`);
        this.acknowledged++;
      }
    } catch {
      // killed, or silent
    }
    this.sendings.push({ sentAt, answeredAt: performance.now(), status });
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    return status === 200 || status === 201;
  }

  async #controller(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const askedAt = performance.now();
      try {
        const answer = await fetch(`${this.#address()}/ready`, { signal: AbortSignal.timeout(10_000) });
        const { ready } = (await answer.json()) as { ready: boolean };
        this.askings.push({ askedAt, answeredAt: performance.now(), ready: ready && answer.status === 200 });
      } catch {
        // no answer says nothing
      }
      await sleep(READY_MILLIS);
    }
  }

  /** Milliseconds until an image that was sent after `since` was recorded; undefined where none is within the limit. */
  async recovered(since: number, limit: number): Promise<number | undefined> {
    const done = ({ sentAt, status }: Sending): boolean => sentAt >= since && (status === 200 || status === 201);
    while (performance.now() - since < limit) {
      const first = this.sendings.find(done);
      if (first) return first.answeredAt - since;
      await sleep(50);
    }
    return undefined;
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
