/** The comparison's folder: made for one set of settings, and refused for any other, so that no two are mixed in one table. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { writeJson } from '../../core/files.ts';
import { holdsRun } from '../../train/run-directory.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every leaf of some JSON by its path, such as 'flow.canvas.height'. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path ? `${path}.${key}` : key)]));
}

/** What differs between two settings, one sentence part each. */
function differences(there: unknown, now: unknown): string[] {
  const a = leaves(there);
  const b = leaves(now);
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => `${key} is ${a.get(key) ?? 'not set'} there and ${b.get(key) ?? 'not set'} now`);
}

/** Whether a sequence of the comparison has computed anything: else it was refused or stopped before, and binds nobody. */
async function holdsResults(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const runs = entries.filter((entry) => entry.isDirectory() && entry.name === 'run');
  for (const { parentPath, name } of runs) if (await holdsRun(join(parentPath, name))) return true;
  return false;
}

/** What a settings.json holds; undefined where it is no comparison's, such as an editor's: that one has most of the names that ours has. */
function settingsIn(text: string, names: readonly string[]): Record<string, Json> | undefined {
  try {
    const json = JSON.parse(text) as Record<string, Json> | null;
    const known = names.filter((name) => typeof json === 'object' && json !== null && name in json);
    return 2 * known.length > names.length ? json! : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder, or goes on in it. `settings` says what determines the numbers. Gives what was settled when the folder was made:
 * equal settings once there are results, save that what `settled` names is taken from there (such as a thread count that was chosen by the machine).
 *
 * @throws FelfriError RUN_EXISTS when the folder holds other files, or a comparison of other settings, saying what differs.
 */
export async function openComparisonFolder<T extends Readonly<Record<string, unknown>>>(
  folder: string,
  settings: T,
  settled: readonly (keyof T)[],
): Promise<T> {
  const path = join(folder, 'settings.json');
  const plain = JSON.parse(JSON.stringify(settings)) as Record<string, Json>;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new FelfriError('RUN_EXISTS', `${folder} is no folder that can be written; give another with -o`, {
        subject: folder,
        cause: error,
      });
    });
    // a kill while settings.json was first written leaves nothing but its temporary file
    if (names.some((name) => !/^settings\.json\.\w+\.tmp$/.test(name))) {
      throw new FelfriError('RUN_EXISTS', `${folder} holds files that are no comparison; give another folder with -o`, {
        subject: folder,
      });
    }
    await writeJson(path, plain);
    return settings;
  }
  const there = settingsIn(text, Object.keys(plain));
  if (there === undefined) {
    throw new FelfriError('RUN_EXISTS', `${path} is no comparison's; give another folder with -o`, { subject: folder });
  }
  if (!(await holdsResults(folder))) {
    // verdicts on splits that may now be others
    await rm(join(folder, 'leaks.json'), { force: true });
    await writeJson(path, plain);
    return settings;
  }
  const kept = Object.fromEntries(settled.map((key) => [key, there[key as string]]));
  const different = differences(there, { ...plain, ...kept });
  if (different.length > 0) {
    throw new FelfriError(
      'RUN_EXISTS',
      `${folder} holds a comparison with other settings: ${different.join('; ')}. Go on with the same ones, or give another folder with -o`,
      { subject: folder },
    );
  }
  return { ...settings, ...kept };
}
