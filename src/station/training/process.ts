/** `felfri train` in a process of its own, at the lowest priority, so that inspections go first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import type { JobMessage } from '../../jobs/messages.ts';

export interface TrainCommand {
  /** Program and first arguments of the felfri command; `train flow ...` follows. */
  readonly command: readonly string[];
  /** Of the training; the inspections have their own. */
  readonly threads: number;
}

/** Characters that are kept of what it writes. */
const OUTPUT = 20_000;
/** Milliseconds in which it is to save what it has, when the station ends. */
const SAVING_MILLIS = 14_000;

export class TrainingProcess {
  readonly #child: ChildProcess;
  #stopped = false;
  /** Resolves when it ended well; rejects with what it said, INTERRUPTED when it was stopped and can be resumed. */
  readonly ended: Promise<void>;

  constructor({ command }: TrainCommand, args: readonly string[], onMessage: (message: JobMessage) => void) {
    const [program, ...first] = command;
    // in a group of its own: Ctrl-C at the station's terminal is the station's to pass on, once
    this.#child = spawn(program!, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
    this.#child.on('message', (message) => onMessage(message as JobMessage));
    try {
      if (this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // it ended at once, or the system has no priorities
    }
    this.ended = this.#end();
  }

  async #end(): Promise<void> {
    const child = this.#child;
    let output = '';
    let complaint = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-OUTPUT);
    });
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...how) => resolve(how));
    });
    if (code === 0) return;
    throw errorOf(output, complaint, signal ?? `exit code ${code}`);
  }

  /** Asks it to save what it has and end; once, as a second time would end it at once. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#child.kill('SIGTERM');
  }

  /** Stops it, and ends it hard where it takes too long; its last checkpoint stays. */
  async close(): Promise<void> {
    this.stop();
    const hard = setTimeout(() => this.#child.kill('SIGKILL'), SAVING_MILLIS);
    await this.ended.catch(() => undefined);
    clearTimeout(hard);
  }
}

/** The error that `--json` writes, or what else is known. */
function errorOf(output: string, complaint: string, how: string): FelfriError {
  const last = output.trim().split('\n').at(-1) ?? '';
  if (last.startsWith('{"error":')) {
    const { error } = JSON.parse(last) as { error: { code: ErrorCode; message: string; subject?: string } };
    return new FelfriError(error.code, error.message, error.subject === undefined ? {} : { subject: error.subject });
  }
  const said = complaint.trim().split('\n').slice(-3).join(' ').slice(0, 500);
  return new FelfriError('STATION_FAILED', `the training ended with ${how}${said && `: ${said}`}`);
}
