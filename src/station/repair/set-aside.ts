/** Moves what is damaged out of the station's way, to where a person can look at it; nothing is ever deleted. */
import { access, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeJson } from '../../core/files.ts';
import type { Damage } from './examine.ts';

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Gives where each lies now, within the data folder; null for what is not there, or is never moved. */
export async function setAside(folder: string, damages: readonly Damage[], at: Date): Promise<(string | null)[]> {
  const place = join('set-aside', at.toISOString().replaceAll(':', '-'));
  const moved: (string | null)[] = [];
  for (const { kind, path } of damages) {
    // without its records a station begins anew: that is a person's decision
    if (kind === 'records' || !(await isThere(join(folder, path)))) {
      moved.push(null);
      continue;
    }
    const target = join(place, path);
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await rename(join(folder, path), join(folder, target));
    for (const changed of [dirname(path), dirname(target)]) await syncFolder(join(folder, changed));
    moved.push(target);
  }
  if (moved.some((path) => path !== null))
    await writeJson(
      join(folder, place, 'why.json'),
      damages.filter((_, i) => moved[i] !== null),
    );
  return moved;
}
