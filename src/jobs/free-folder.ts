/** A folder that a bundle may be written into. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { readFacts } from '../train/run-directory.ts';

/** Throws RUN_EXISTS where the folder holds a bundle or a training run already. */
export async function requireFree(output: string): Promise<void> {
  const bundle = await readFile(join(output, 'bundle.json')).catch(() => undefined);
  if (bundle === undefined && (await readFacts(join(output, 'run'))) === undefined) return;
  throw new FelfriError('RUN_EXISTS', `${output} already holds a bundle or a training run; give another folder by -o`, {
    subject: output,
  });
}
