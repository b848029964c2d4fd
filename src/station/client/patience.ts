/** Asking again while a refusal may pass by waiting. */
import { StationError } from './connection.ts';

/** Throws the signal's reason once it is aborted. */
function pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      end();
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, millis);
    signal?.addEventListener('abort', stop);
  });
}

/** Milliseconds that a busy station asks to wait; it did nothing of what it was asked. Undefined for other refusals. */
export function busyMillis({ status, retryAfter }: StationError): number | undefined {
  return (status === 429 || status === 503) && retryAfter !== undefined ? retryAfter * 1000 : undefined;
}

/**
 * What `work` gives at last. It is tried again where `waitOf` says how many milliseconds after, as long as that is before `end` (as
 * performance.now() has it); else its error is thrown, and the signal's reason once that is aborted.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  end: number,
  waitOf: (refusal: StationError) => number | undefined,
  signal?: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const wait = error instanceof StationError ? waitOf(error) : undefined;
      if (wait === undefined || performance.now() + wait >= end) throw error;
      await pause(wait, signal);
    }
  }
}
