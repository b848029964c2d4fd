import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { compiledFile } from '../../../test/support/compiled.ts';
import { Thread } from './questions.ts';

interface Tasks {
  double: { ask: number; answer: number };
  refuse: { ask: string; answer: never };
  spin: { ask: null; answer: never };
  end: { ask: null; answer: never };
}

const script = `
  Promise.all([import(${JSON.stringify(compiledFile('engine/workers/questions'))}), import(${JSON.stringify(compiledFile('core/errors'))})])
    .then(([{ answerQuestions }, { FelfriError }]) => answerQuestions({
      double: (ask) => 2 * ask,
      refuse: (ask) => { throw ask === 'own' ? new FelfriError('CONFLICT', 'no', { subject: 'it' }) : Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' }); },
      spin: () => { for (;;); },
      end: () => process.exit(0),
    }))`;

const start = (): Thread<Tasks> =>
  new Thread<Tasks>(new Worker(script, { eval: true }), (why) => new Error(`gone: ${why}`));

describe('questions to a thread', () => {
  it('are answered, each to who asked it', async () => {
    const thread = start();
    const answers = await Promise.all([1, 2, 3].map((value) => thread.ask('double', value)));
    expect(answers).toEqual([2, 4, 6]);
    expect(thread.load).toBe(0);
    await thread.terminate();
  });

  it('bring errors back with their codes, our own and those of others', async () => {
    const thread = start();
    await expect(thread.ask('refuse', 'own')).rejects.toMatchObject({
      name: 'FelfriError',
      code: 'CONFLICT',
      subject: 'it',
    });
    await expect(thread.ask('refuse', 'other')).rejects.toMatchObject({ name: 'Error', code: 'SQLITE_BUSY' });
    expect(thread.failed).toBe(false);
    await thread.terminate();
  });

  it('are refused when the thread ends, those that wait and those that come', async () => {
    const thread = start();
    await expect(thread.ask('end', null)).rejects.toThrow('gone: it ended');
    await expect(thread.ask('double', 1)).rejects.toThrow('gone');
    expect(thread.failed).toBe(true);
  });

  it('are given up after their limit, and the thread with them', async () => {
    const thread = start();
    await thread.ask('double', 1);
    const waiting = thread.ask('double', 2, { limitMillis: 60_000 });
    await waiting;
    await expect(thread.ask('spin', null, { limitMillis: 100 })).rejects.toThrow('gone: no answer in 0.1 s');
    expect(thread.failed).toBe(true);
  });
});
