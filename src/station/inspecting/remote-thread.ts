/** A thread that inspects and draws, seen from the station. */
import { FelfriError } from '../../core/errors.ts';
import { Thread } from '../../engine/workers/questions.ts';
import { startWorkerAt } from '../../engine/workers/start.ts';
import type { Tasks, ThreadSettings } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** How long closing may take. */
const END_MILLIS = 5000;

export class RemoteThread extends Thread<Tasks> {
  constructor(settings: ThreadSettings) {
    super(
      startWorkerAt(entry, settings),
      (why) => new FelfriError('STATION_FAILED', `the inspecting thread failed: ${why}; send it again`),
    );
  }

  /** Closes its bundles and ends it, in a bounded time also where a computation never ends. */
  async end(): Promise<void> {
    if (!this.failed) await this.ask('end', {}, { limitMillis: END_MILLIS }).catch(() => undefined);
    await this.terminate();
  }
}
