/**
 * Imported before onnxruntime, which from 1.29 on collects usage data on Linux and macOS: a device id that stays and a queue of
 * events in the home folder. It reads its switch from the environment of the process when it is loaded.
 */
import { isMainThread } from 'node:worker_threads';
import { FelfriError } from '../../core/errors.ts';

const SWITCH = 'ORT_DISABLE_TELEMETRY';

/** Throws TELEMETRY_ON in a worker thread whose process has not switched it off: only the main thread can set what native code reads. */
function switchOff(): void {
  if (isMainThread) process.env[SWITCH] = '1';
  else if (process.env[SWITCH] !== '1')
    throw new FelfriError(
      'TELEMETRY_ON',
      `felfri was loaded first in a worker thread, where it cannot keep onnxruntime from collecting usage data; import felfri in the main thread before it starts the worker, or set ${SWITCH}=1 in the environment`,
    );
}

switchOff();
