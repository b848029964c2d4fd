/** What a long job tells whoever started it: a terminal, a web page, or nobody. */
import { given } from '../core/given.ts';
import type { Problem } from '../data/listing.ts';
import type { Device } from '../engine/runtime/devices.ts';
import type { SessionOptions } from '../engine/runtime/onnxruntime.ts';
import type { TrainingProgress } from './training-task.ts';

export interface JobEvents {
  /** A new part of the job begins, such as 'Computing features'. */
  readonly onPhase?: (name: string) => void;
  /** Images done in the present part. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onTraining?: (progress: TrainingProgress) => void;
  /** An image was left out. */
  readonly onProblem?: (problem: Problem) => void;
  readonly onWarning?: (message: string) => void;
}

export interface JobControl extends JobEvents {
  /** Aborting it makes the job store what it has and throw INTERRUPTED. */
  readonly signal?: AbortSignal;
  /** Threads for computing; all cores unless told. */
  readonly threads?: number;
  /** What computes; the processor unless told. */
  readonly device?: Device;
}

/** What a job's sessions are to compute with. */
export function sessionOptions({ threads, device }: JobControl): Pick<SessionOptions, 'threads' | 'device'> {
  return { ...given({ threads, device }) };
}
