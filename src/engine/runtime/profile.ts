/** Where the time of a model goes: onnxruntime's own profile, by type of operator. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner, SessionOptions } from './onnxruntime.ts';

interface OperatorTime {
  /** As onnxruntime runs it, after its own rewriting: FusedConv is a Conv with its activation, ReorderInput a change of layout. */
  readonly operator: string;
  /** Nodes of the type in a run. */
  readonly calls: number;
  /** Milliseconds of a run, of all of them. */
  readonly milliseconds: number;
  /** Of the time of all operators, 0 to 1. */
  readonly share: number;
}

export interface Profile {
  /** Runs that it is the mean of. */
  readonly runs: number;
  /** Milliseconds of a run, what lies between operators included; the profile itself takes some of them. */
  readonly milliseconds: number;
  /** The slowest first. */
  readonly operators: readonly OperatorTime[];
}

/** An entry of the file that onnxruntime writes; times are microseconds. */
interface Event {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Groups the events of onnxruntime's file by operator, without the first `warmUp` runs. Throws when no run is left. */
export function profileOf(events: readonly Event[], warmUp: number): Profile {
  const runs = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .slice(warmUp);
  if (runs.length === 0) throw new Error(`the profile holds no run beyond ${warmUp} to warm up`);
  const found = new Map<string, { calls: number; micros: number }>();
  let all = 0;
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || ts < runs[0]!.ts) continue;
    const operator = args?.op_name ?? 'unknown';
    const { calls, micros } = found.get(operator) ?? { calls: 0, micros: 0 };
    found.set(operator, { calls: calls + 1, micros: micros + dur });
    all += dur;
  }
  const each = (micros: number): number => micros / 1000 / runs.length;
  return {
    runs: runs.length,
    milliseconds: each(runs.reduce((sum, { dur }) => sum + dur, 0)),
    operators: [...found]
      .map(([operator, { calls, micros }]) => ({
        operator,
        calls: calls / runs.length,
        milliseconds: each(micros),
        share: all > 0 ? micros / all : 0,
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds),
  };
}

/**
 * Profiles what `work` does with a session; its first `warmUp` runs are left out. `create` makes a session that writes its profile when it
 * is released. The files of the profile are removed.
 */
export async function profiled(
  create: (options: Pick<SessionOptions, 'profilePrefix'>) => Promise<Runner>,
  work: (runner: Runner) => Promise<void>,
  warmUp = 2,
): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'felfri-profile-'));
  try {
    const runner = await create({ profilePrefix: join(folder, 'profile') });
    try {
      await work(runner);
    } finally {
      await runner.release();
    }
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('onnxruntime wrote no profile');
    return profileOf(JSON.parse(await readFile(join(folder, file), 'utf8')) as Event[], warmUp);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
