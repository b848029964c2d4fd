/** A process that inspects and draws, seen from the station: it is ended where it hangs, and takes nothing with it where it crashes. */
import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { FelfriError } from '../../core/errors.ts';
import { carrierOf } from '../../engine/workers/child.ts';
import { Thread } from '../../engine/workers/questions.ts';
import { startProcessAt } from '../../engine/workers/start.ts';
import type { ComputingSettings, Tasks } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './process.ts' : './process.js', import.meta.url);

const priorities = { behind: constants.priority.PRIORITY_BELOW_NORMAL, last: constants.priority.PRIORITY_LOW };

/** How long closing may take. */
const END_MILLIS = 3000;

const inspectionFailed = (why: string): FelfriError =>
  new FelfriError('PROCESS_ENDED', `the process that worked on it failed: ${why}; try again`);

function startProcess(settings: ComputingSettings): ChildProcess {
  const child = startProcessAt(entry, settings);
  // before it starts its threads, which on Linux have each their own
  if (settings.background && child.pid !== undefined) setPriority(child.pid, priorities[settings.background]);
  return child;
}

export class ComputingProcess extends Thread<Tasks> {
  /** `failureOf` is what is thrown when it ends unasked. */
  constructor(settings: ComputingSettings, failureOf: (why: string) => FelfriError = inspectionFailed) {
    super(carrierOf(startProcess(settings)), failureOf);
  }

  /** Closes its bundles and ends it, in a bounded time also where a computation never ends. */
  async end(): Promise<void> {
    if (!this.failed) await this.ask('end', {}, { limitMillis: END_MILLIS }).catch(() => undefined);
    await this.terminate();
  }
}
