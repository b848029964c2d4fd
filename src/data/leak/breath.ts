/** Long computing that lets the process breathe: progress is shown, a signal is heard. */
import { type LeakControl, stopIfAborted } from './thumbnails.ts';

/** Milliseconds of computing between two breaths. */
const SLICE = 50;

/** Called between two steps, with how far it is where that is known. Throws INTERRUPTED once the signal is aborted. */
export type Breath = (done?: number, total?: number) => Promise<void>;

export function breathing({ onProgress, signal }: LeakControl): Breath {
  let slice = performance.now();
  return async (done, total) => {
    if (performance.now() - slice < SLICE && done !== total) return;
    await new Promise((resolve) => setImmediate(resolve));
    stopIfAborted(signal);
    if (done !== undefined && total !== undefined) onProgress?.(done, total);
    slice = performance.now();
  };
}
