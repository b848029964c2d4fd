/** The engine's public face: graphs, differentiation, ONNX, training, sessions. */
export * from './builders.ts';
export * from './functions.ts';
export { gradientsOf } from './gradients.ts';
export type { Graph, Value } from './graph.ts';
export { toOnnx } from './onnx/writer.ts';
export { createGraph, operatorTable } from './operators/table.ts';
export { FixedParameters, fanIn, type Initial, initialTensors, type Parameters } from './parameters.ts';
export {
  type Feed,
  type Feeds,
  type Fetches,
  type Runner,
  Session,
  type SessionOptions,
} from './runtime/onnxruntime.ts';
export type { AdamOptions } from './training/adam-rule.ts';
export { compileTraining, type TrainingDefinition, type TrainingProgram } from './training/program.ts';
export {
  type StepResult,
  Trainer,
  type TrainerLike,
  type TrainerOptions,
  type TrainerState,
} from './training/trainer.ts';
export type { DType, ValueType } from './types.ts';
export { WorkerSession, WorkerTrainer } from './workers/remote.ts';
