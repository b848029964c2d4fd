/** What a computing thread is asked, and what it answers. It holds one session or one trainer, from its first question on. */
import type { NamedTensors } from '../../core/tensor.ts';
import type { Feeds, Fetches, SessionOptions } from '../runtime/onnxruntime.ts';
import type { TrainingProgram } from '../training/program.ts';
import type { StepResult, TrainerOptions, TrainerState } from '../training/trainer.ts';

export interface SessionTasks {
  /** Answered as soon as the thread has loaded what it needs. */
  ready: { ask: null; answer: null };
  open: { ask: { model: Uint8Array | string; options: SessionOptions }; answer: null };
  run: { ask: { feeds: Feeds; outputs: readonly string[] | undefined }; answer: Fetches };
  close: { ask: null; answer: null };
}

export interface TrainerTasks {
  begin: { ask: { program: TrainingProgram; options: TrainerOptions }; answer: null };
  step: { ask: { feeds: Feeds; learningRate: number }; answer: StepResult };
  evaluate: { ask: Feeds; answer: Fetches };
  weights: { ask: null; answer: NamedTensors };
  state: { ask: null; answer: TrainerState };
  restore: { ask: TrainerState; answer: null };
  end: { ask: null; answer: null };
}

export type ComputingTasks = SessionTasks & TrainerTasks;
