/** A folder that a bundle may be written into: one that holds neither another bundle nor anything of the user's that would be replaced. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { realPathOf, requireWritableFolder } from '../core/outputs.ts';
import { systemError } from '../core/system-errors.ts';
import { holdsRun, readFacts } from '../train/run-directory.ts';

/** What a bundle is made of beside bundle.json and run/. */
const written = new Set(['model.onnx', 'golden', 'backbone.onnx']);

function refuse(output: string, what: string): never {
  throw new FelfriError('RUN_EXISTS', `${output} ${what}; give another folder by -o`, { subject: output });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw systemError(error, folder) ?? error;
  });
}

/**
 * Throws PATH_UNUSABLE where the folder cannot be written, RUN_EXISTS where it is the folder of the images, or holds files by the names that a
 * bundle's have and is neither bundle nor run. A bundle or run that is there already is another question (`requireFree`, a run's --resume).
 */
export async function requireOutput(output: string, images: string): Promise<void> {
  await requireWritableFolder(output);
  if ((await realPathOf(output)) === (await realPathOf(images))) refuse(output, 'is the folder of the images');
  const names = await namesIn(output);
  if (names.includes('bundle.json') || names.includes('run')) return;
  const taken = names.filter((name) => written.has(name));
  if (taken.length > 0) refuse(output, `holds ${taken.join(', ')} of no bundle, which would be replaced`);
}

/**
 * Throws what `requireOutput` does, and RUN_EXISTS where the folder holds a bundle or a training run already. What a broken-off start left is
 * neither.
 */
export async function requireFree(output: string, images: string): Promise<void> {
  await requireOutput(output, images);
  const run = join(output, 'run');
  if (!(await holdsRun(run))) {
    const bundle = await readFile(join(output, 'bundle.json')).catch(() => undefined);
    // a bundle beside a run that was begun, but reached nothing, is one that was never finished
    if (bundle === undefined || (await readFacts(run).catch(() => undefined)) !== undefined) return;
  }
  refuse(output, 'already holds a bundle or a training run');
}
