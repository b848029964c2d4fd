/** Entry point of a worker thread: holds one session or one trainer and answers calls by message. */
import { parentPort, workerData } from 'node:worker_threads';
import { FelfriError } from '../../core/errors.ts';
import { Session } from '../runtime/onnxruntime.ts';
import { Trainer } from '../training/trainer.ts';
import type { Call, Reply, Start } from './protocol.ts';

const start = workerData as Start;
const target: Promise<object> =
  start.kind === 'session' ? Session.create(start.model, start.options) : Trainer.create(start.program, start.options);

async function answer({ id, method, args }: Call): Promise<Reply> {
  try {
    const object = (await target) as Record<string, (...a: unknown[]) => Promise<unknown>>;
    return { id, result: method === 'ready' ? undefined : await object[method]!(...args) };
  } catch (error) {
    const { code } = error as { code?: string };
    return { id, error: { message: (error as Error).message, code: error instanceof FelfriError ? code : undefined } };
  }
}

// calls are answered in the order they came: a trainer's state must not change while it is being read
let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (call: Call) => {
  last = last.then(async () => parentPort!.postMessage(await answer(call)));
});
