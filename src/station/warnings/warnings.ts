/** What will hurt if nobody acts: a disk that fills, a clock that is wrong, a certificate that runs out. Said as alarms, while the line goes on. */
import { statfs } from 'node:fs/promises';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import type { Alarms } from '../alarms.ts';
import type { Alarm } from '../contract/station.ts';
import type { Records } from '../records/records.ts';
import { certificateWarning, opcuaValidities, type Validity, validityOf } from './certificates.ts';
import { ClockSteps, serverClockWarning } from './clock-steps.ts';
import { DiskTrend, diskWarning } from './disk.ts';

const LOOK_MILLIS = 60_000;

interface Watched {
  readonly folder: string;
  readonly alarms: Alarms;
  readonly records: Records;
  /** PEM of the certificate that the station speaks HTTPS by. */
  readonly certificate?: Buffer;
}

/** What was seen last, for who collects it. */
export interface Outlook {
  readonly freeBytes: number | null;
  /** Infinity while the disk does not fill; null while too little is known. */
  readonly daysLeft: number | null;
  readonly certificates: readonly Validity[];
}

export class Warnings {
  readonly #watched: Watched;
  readonly #trend = new DiskTrend();
  readonly #steps = new ClockSteps();
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #said = new Set<string>();
  outlook: Outlook = { freeBytes: null, daysLeft: null, certificates: [] };

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Looks now and every minute; what cannot be looked at is told, and looked at again. */
  start(failed: (error: unknown) => void): void {
    const run = (): void => {
      this.#running = this.#running.then(() => this.look()).catch(failed);
    };
    run();
    this.#timer = setInterval(run, LOOK_MILLIS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async look(now = new Date()): Promise<void> {
    const before = this.#said;
    this.#said = new Set();
    this.#say('clock', 'system', 'CLOCK_STEPPED', this.#steps.look());
    const certificates = await this.#lookAtCertificates(now);
    this.outlook = { ...this.outlook, certificates };
    await this.#lookAtDisk();
    const ahead = await this.#watched.records.serverClockAhead().catch(() => null);
    this.#say('clock', 'database', 'CLOCK_DIFFERS', ahead === null ? null : serverClockWarning(ahead));
    for (const key of before)
      if (!this.#said.has(key)) this.#watched.alarms.end(...(JSON.parse(key) as [Alarm['kind'], string]));
  }

  async #lookAtDisk(): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(this.#watched.folder);
    const [freeBytes, all] = [bavail * bsize, blocks * bsize];
    this.#trend.add({ at: performance.now(), free: freeBytes });
    const { daysLeft } = this.#trend;
    this.outlook = { ...this.outlook, freeBytes, daysLeft: daysLeft ?? null };
    this.#say('disk', 'data', 'DISK_FILLING', diskWarning(freeBytes, all, daysLeft));
  }

  async #lookAtCertificates(now: Date): Promise<Validity[]> {
    const { folder, certificate } = this.#watched;
    const all = [...(certificate ? [validityOf('https', certificate)] : []), ...(await opcuaValidities(folder))];
    for (const one of all) this.#say('certificate', one.id, 'CERTIFICATE_ENDS', certificateWarning(one, now));
    return all;
  }

  #say(kind: Alarm['kind'], id: string, code: ErrorCode, text: string | null): void {
    if (text === null) return;
    this.#said.add(JSON.stringify([kind, id]));
    this.#watched.alarms.raise(kind, id, new FelfriError(code, text));
  }
}
