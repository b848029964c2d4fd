/** What all new bundles share, however their model came to be: how the manifest begins, the record of the run, and how they are judged. */
import { join } from 'node:path';
import { type BundleManifest, SCHEMA_VERSION } from '../../bundle/schema.ts';
import { softwareVersions } from '../../core/version.ts';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import { onnxruntimeVersion } from '../../engine/runtime/onnxruntime.ts';
import { RunDirectory } from '../../train/run-directory.ts';
import { type CalibrationRequest, calibrateBundle } from '../judge/calibrate.ts';
import { type EvaluationRequest, evaluateBundle, type JudgedBundle } from '../judge/evaluate.ts';
import type { ScoredImage } from '../judge/scoring.ts';

type Begun = 'schema' | 'mapRange';
type NotYet = 'files' | 'created' | 'threshold' | 'evaluation' | 'software';

/** A manifest that was not calibrated yet, for `writeModel`, which adds the files. */
export function newManifest(
  facts: Omit<BundleManifest, Begun | NotYet> & Partial<Pick<BundleManifest, Begun>>,
): Omit<BundleManifest, 'files'> {
  return {
    schema: SCHEMA_VERSION,
    mapRange: { low: 0, high: 1 },
    ...facts,
    created: new Date().toISOString(),
    threshold: null,
    evaluation: null,
    software: softwareVersions(onnxruntimeVersion),
  };
}

/** Begins the run of a bundle that is derived from others; `configuration` tells what is asked. Throws RUN_EXISTS. */
export async function beginRun(
  output: string,
  configuration: Readonly<Record<string, unknown>>,
  facts: { readonly software: BundleManifest['software']; readonly leak: LeakVerdict },
): Promise<RunDirectory> {
  const run = await RunDirectory.open(join(output, 'run'), configuration, false);
  await run.record(facts);
  await run.begin();
  return run;
}

interface Written {
  /** The bundle's folder. */
  readonly output: string;
  readonly run: RunDirectory;
  readonly leak: LeakVerdict;
}

/**
 * Sets the threshold of a bundle that was written on calibration images, judges it on test images, which have no say in it, and records
 * that it is finished. `measure` may look at the scored calibration images in between; what it gives is recorded too.
 */
export async function judgeNewBundle<M extends object>(
  request: Omit<CalibrationRequest, 'bundle'> & Pick<EvaluationRequest, 'allowLeaks'>,
  { output, run, leak }: Written,
  measure: (calibration: readonly ScoredImage[]) => Promise<M> | M,
): Promise<JudgedBundle & M> {
  const { scored } = await calibrateBundle({ ...request, bundle: output });
  const measured = await measure(scored);
  const judged = await evaluateBundle({ ...request, bundle: output, leak });
  await run.record({ state: 'finished', evaluation: judged.evaluation, ...measured });
  return { ...judged, ...measured };
}
