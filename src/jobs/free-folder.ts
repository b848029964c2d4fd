/** A folder that a bundle may be written into. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { holdsRun, readFacts } from '../train/run-directory.ts';

/** Throws RUN_EXISTS where the folder holds a bundle or a training run already. What a broken-off start left is neither. */
export async function requireFree(output: string): Promise<void> {
  const run = join(output, 'run');
  if (!(await holdsRun(run))) {
    const bundle = await readFile(join(output, 'bundle.json')).catch(() => undefined);
    // a bundle beside a run that was begun, but reached nothing, is one that was never finished
    if (bundle === undefined || (await readFacts(run).catch(() => undefined)) !== undefined) return;
  }
  throw new FelfriError('RUN_EXISTS', `${output} already holds a bundle or a training run; give another folder by -o`, {
    subject: output,
  });
}
