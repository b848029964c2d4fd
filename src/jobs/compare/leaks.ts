/** The leak check of every split of a comparison, made once and before anything is trained. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../../core/files.ts';
import { NearCopySearch } from '../../data/leak/near-copies.ts';
import { checkLeaks, type LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import type { JobControl } from '../../train/control.ts';
import { passLeakGate } from '../judge/leak-gate.ts';

export interface LeakGateRequest extends JobControl {
  /** The comparison's folder: verdicts are kept there, since the settings of the folder name the data. */
  readonly output: string;
  readonly allowLeaks?: boolean;
}

type Verdicts = Readonly<Record<string, LeakVerdict>>;

async function keptVerdicts(path: string): Promise<Verdicts> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? {} : (JSON.parse(text) as Verdicts);
}

/** The verdict on each split. Throws LEAK_FOUND for an honest split that leaks, unless leaks are allowed; INTERRUPTED. */
export async function gateSplits(splits: Iterable<Split>, request: LeakGateRequest): Promise<Map<Split, LeakVerdict>> {
  const { output, allowLeaks, onPhase, onProgress, onWarning, signal } = request;
  const control = { ...(onPhase && { onPhase }), ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const path = join(output, 'leaks.json');
  let kept = await keptVerdicts(path);
  const verdicts = new Map<Split, LeakVerdict>();
  const all = [...new Set(splits)];
  let search: NearCopySearch | undefined;
  for (const split of all) {
    const key = `${split.protocol}: ${split.name}`;
    let leak = kept[key];
    if (!leak) {
      // the images are read once for all splits
      search ??= await NearCopySearch.open(
        [...new Set(all.flatMap(({ train, calibration, test }) => [...train, ...calibration, ...test]))],
        control,
      );
      onPhase?.(`Leak check of ${split.name}`);
      leak = await checkLeaks(split, { ...control, search });
      kept = { ...kept, [key]: leak };
      await writeJson(path, kept);
    }
    const passed = await passLeakGate(split, { leak, ...(allowLeaks !== undefined && { allowLeaks }) });
    if (passed.flagged) onWarning?.(passed.statement);
    if (passed.doubt !== undefined) onWarning?.(passed.doubt);
    verdicts.set(split, passed);
  }
  return verdicts;
}
