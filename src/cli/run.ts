/** How every command runs: Ctrl-C asks it to stop in order, errors become one line with a code, and the exit code says which kind. */
import { onOneLine, shownText } from '../core/control-characters.ts';
import { FelfriError } from '../core/errors.ts';
import { systemError } from '../core/system-errors.ts';
import type { JobEvents } from '../train/control.ts';
import { Terminal } from './terminal.ts';

/** Exit codes of the command line; README and help repeat them. */
export const exitCode = {
  ok: 0,
  /** inspect: at least one image is NG; data leaks: the split is flagged; accept: the limits are not shown to be kept. */
  defective: 1,
  /** A wrong option, data set or bundle, or an output that is not free; what was asked could not be done. */
  refused: 2,
  /** Something could not be read, inspected or written; what could be done is done and printed. */
  partial: 3,
  /** inspect: at least one image is for REVIEW, and none is NG or unread: a line that looks at the code alone must not let it pass. */
  review: 4,
  interrupted: 130,
  /** Whoever read the output went away, as `head` does. */
  unread: 141,
} as const;

/** Calls `gone` when standard output is no longer read; the exit code is set then, even if all else is done. */
function onReaderGone(gone: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exitCode = exitCode.unread;
    gone();
  });
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** What a job is given: that signal, and what shows its events. */
  readonly control: Required<JobEvents> & { readonly signal: AbortSignal };
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Runs a command's body and sets the exit code. `stopping` is what Ctrl-C says that it does. */
export async function runCommand(
  options: OutputOptions,
  body: (context: CommandContext) => Promise<number>,
  stopping = 'Stopping after this step',
): Promise<void> {
  const terminal = new Terminal(options.quiet ?? false);
  const stop = new AbortController();
  // the process must not exit while a worker computes: onnxruntime's threads would crash it
  let unread = false;
  onReaderGone(() => {
    unread = true;
    stop.abort();
  });
  const onInterrupt = (): void => {
    if (stop.signal.aborted) endAtOnce('SIGINT');
    stop.abort();
    terminal.end();
    process.stderr.write(`${stopping}; press Ctrl-C again to stop at once.\n`);
  };
  // whoever started this command and listens to it went away: what is done so far is saved
  const onDisconnect = (): void => stop.abort();
  process.on('disconnect', onDisconnect);
  // before this one listened; undefined where nobody ever could
  if (process.connected === false) onDisconnect();
  // a listener keeps the channel open, and the channel must not keep the process
  process.channel?.unref();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    process.exitCode = await body({
      terminal,
      signal: stop.signal,
      control: { ...terminal.events, signal: stop.signal },
    });
  } catch (error) {
    terminal.end();
    if (!unread) process.exitCode = report(error, options.json ?? false);
  } finally {
    if (unread) process.exitCode = exitCode.unread;
    terminal.end();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    process.off('disconnect', onDisconnect);
  }
}

/** Ends the process by the signal's own default, without any handler's or worker's say. */
function endAtOnce(signal: 'SIGINT'): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function report(thrown: unknown, json: boolean): number {
  const error = thrown instanceof FelfriError ? thrown : (systemError(thrown) ?? thrown);
  if (!(error instanceof FelfriError)) {
    process.stderr.write(`felfri failed unexpectedly; please report this:\n${(error as Error).stack ?? error}\n`);
    return exitCode.refused;
  }
  if (json) process.stdout.write(`${JSON.stringify({ error })}\n`);
  process.stderr.write(`${error.code}: ${onOneLine(error.message)}\n`);
  return error.code === 'INTERRUPTED' ? exitCode.interrupted : exitCode.refused;
}

/**
 * Does what comes beside the result, such as writing a report, and gives what that failed by: figures are printed all the same. Throws what
 * is no expected refusal.
 */
export async function beside(work: () => Promise<void>): Promise<FelfriError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const known = error instanceof FelfriError ? error : systemError(error);
    if (!known) throw error;
    return known;
  }
}

/** The exit code of a result that is printed, and of what failed beside it, which is said. */
export function doneBut(failure: FelfriError | null): number {
  if (failure === null) return exitCode.ok;
  process.stderr.write(`${failure.code}: ${onOneLine(failure.message)}\n`);
  return exitCode.partial;
}

/** Prints a result: JSON on one line where asked, else text. */
export function print(options: OutputOptions, json: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${shownText(text)}\n`);
}
