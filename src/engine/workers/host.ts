/** Entry point of a worker thread: holds one session or one trainer and answers calls by message. */
import { parentPort, workerData } from 'node:worker_threads';
import { FelfriError } from '../../core/errors.ts';
import { Session } from '../runtime/onnxruntime.ts';
import type { Call, Reply, Start } from './protocol.ts';

const start = workerData as Start;

async function begin(): Promise<object | undefined> {
  if (start.kind === 'waiting') return undefined;
  if (start.kind === 'session') return Session.create(start.model, start.options);
  // what trains also writes models, by libraries that an inspection starts sooner without
  const { Trainer } = await import('../training/trainer.ts');
  return Trainer.create(start.program, start.options);
}

let target = begin();

async function answer({ id, method, args }: Call): Promise<Reply> {
  try {
    if (method === 'load') target = Session.create(...(args as Parameters<typeof Session.create>));
    const object = (await target) as Record<string, (...a: unknown[]) => Promise<unknown>>;
    return { id, result: method === 'ready' || method === 'load' ? undefined : await object[method]!(...args) };
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
