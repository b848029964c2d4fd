import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiledFile } from '../../../test/support/compiled.ts';

/** Gives threads up at every stage of their start. */
const code = `
  import { setTimeout as sleep } from 'node:timers/promises';
  const { WorkerSession } = await import(process.argv[1]);
  for (let round = 0; round < 20; round++) {
    const thread = WorkerSession.prepare();
    await sleep(10 * round);
    await thread.abandon();
  }
  console.log('whole');`;

it('a thread that is given up while it loads what it needs takes nothing with it', async () => {
  const remote = compiledFile('engine/workers/remote');
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, remote]);
  expect(await run).toMatchObject({ stdout: 'whole\n' });
});
