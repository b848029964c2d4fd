/** The messages between a thread and the worker that computes for it. */
import type { SessionOptions } from '../runtime/onnxruntime.ts';
import type { TrainingProgram } from '../training/program.ts';
import type { TrainerOptions } from '../training/trainer.ts';

export type Start =
  /** A session whose model comes later, by `load`. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'session'; readonly model: Uint8Array | string; readonly options: SessionOptions }
  | { readonly kind: 'trainer'; readonly program: TrainingProgram; readonly options: TrainerOptions };

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly code: string | undefined };
}
