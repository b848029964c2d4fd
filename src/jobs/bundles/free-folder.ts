/** A folder that a bundle may be written into: one that holds neither another bundle nor anything of the user's that would be replaced. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cardFile } from '../../bundle/card/render.ts';
import { FelfriError } from '../../core/errors.ts';
import { realPathOf, requireWritableFolder } from '../../core/outputs.ts';
import { systemError } from '../../core/system-errors.ts';
import type { DataSet } from '../../data/dataset.ts';
import { holdsRun, readFacts } from '../../train/run-directory.ts';

/** What a bundle is made of beside bundle.json, and what its run writes. */
const written = new Set(['model.onnx', 'golden', 'backbone.onnx', cardFile]);
const writtenByRun = new Set(['run.json', 'metrics.jsonl', 'calibration-scores.json', 'test-scores.json']);

/** Whether a folder holds a run of felfri's, however far it came: others have a run.json, too. */
async function isRunFolder(run: string): Promise<boolean> {
  const facts = await readFacts(run).catch(() => undefined);
  return typeof facts === 'object' && facts !== null && 'configuration' in facts && 'state' in facts;
}

function refuse(output: string, what: string): never {
  throw new FelfriError('RUN_EXISTS', `${output} ${what}; give another folder by -o`, { subject: output });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw systemError(error, folder) ?? error;
  });
}

/** Folders that hold images of the data set, at whatever depth, but for a manifest's own: other things may lie beside what it names. */
function photoFolders({ root, layout, images }: DataSet): string[] {
  if (layout !== 'manifest' || images.some(({ name }) => !name.includes('/'))) return [root];
  return [...new Set(images.map(({ name }) => join(root, name.slice(0, name.indexOf('/')))))];
}

/**
 * Throws RUN_EXISTS where an output would lie among the photographs: whoever copies, sorts or labels those meets it, and a data set must not
 * change by being learned from.
 */
export async function requireOutside(output: string, dataSet: DataSet): Promise<void> {
  const real = await realPathOf(output);
  if (real === (await realPathOf(dataSet.root))) refuse(output, 'is the folder of the images');
  for (const folder of photoFolders(dataSet)) {
    const photos = await realPathOf(folder);
    if (real === photos || real.startsWith(photos + sep)) refuse(output, `lies within ${folder}, where the images are`);
  }
}

/**
 * Throws PATH_UNUSABLE where the folder cannot be written, RUN_EXISTS where it lies among the images, or holds files by the names that a
 * bundle's have and is neither bundle nor run. A bundle or run that is there already is another question (`requireFree`, a run's --resume).
 */
export async function requireOutput(output: string, dataSet: DataSet): Promise<void> {
  await requireWritableFolder(output);
  await requireOutside(output, dataSet);
  const names = await namesIn(output);
  // a folder may be called run by the user, too
  const run = join(output, 'run');
  if (names.includes('bundle.json') || (await isRunFolder(run)) || (await holdsRun(run))) return;
  const within = names.includes('run') ? await namesIn(run).catch(() => []) : [];
  const taken = [
    ...names.filter((name) => written.has(name)),
    ...within.filter((name) => writtenByRun.has(name)).map((name) => `run/${name}`),
  ];
  if (taken.length > 0) refuse(output, `holds ${taken.join(', ')} of no bundle, which would be replaced`);
}

/**
 * Throws what `requireOutput` does, and RUN_EXISTS where the folder holds a bundle or a training run already. What a broken-off start left is
 * neither.
 */
export async function requireFree(output: string, dataSet: DataSet): Promise<void> {
  await requireOutput(output, dataSet);
  const run = join(output, 'run');
  if (!(await holdsRun(run))) {
    const bundle = await readFile(join(output, 'bundle.json')).catch(() => undefined);
    // a bundle beside a run that was begun, but reached nothing, is one that was never finished
    if (bundle === undefined || (await isRunFolder(run))) return;
  }
  refuse(output, 'already holds a bundle or a training run');
}
