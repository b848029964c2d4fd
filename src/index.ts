/** felfri as a library: what the command line does, and the pieces it is made of. The engine is `felfri/engine`. */
export { type OpenBundle, openBundle } from './bundle/open.ts';
export type { BundleManifest, BundleThreshold } from './bundle/schema.ts';
export { type ErrorCode, errorCodes, FelfriError } from './core/errors.ts';
export { felfriVersion } from './core/version.ts';
export { checkDataSet, type DataCheck } from './data/check.ts';
export { type DataSet, type DataSetOptions, type PartImage, recogniseDataSet } from './data/dataset.ts';
export { decodeImage, type Image, readImage, writePng } from './data/image.ts';
export {
  type RingFacesOptions,
  type SimulatedImage,
  type SimulatedSet,
  simulateRingFaces,
} from './data/simulate/bearing-ring/ring-faces.ts';
export { foldSplit, groupLeaks, publishedSplit, type Split } from './data/split.ts';
export type { Backbone } from './detectors/backbones/backbone.ts';
export { openBackbone } from './detectors/backbones/select.ts';
export type { Canvas, DetectorName } from './detectors/detector.ts';
export type { FlowScore } from './detectors/flow/score.ts';
export { drawHeatMap } from './inspect/heat-map.ts';
export { type Decision, type Inspection, Inspector } from './inspect/inspector.ts';
export { type Calibration, type CalibrationRequest, calibrateBundle } from './jobs/calibrate.ts';
export { type DemoRequest, type DemoResult, runDemo } from './jobs/demo.ts';
export { type EvaluationRequest, evaluateBundle, type JudgedBundle } from './jobs/evaluate.ts';
export type { JobControl, JobEvents } from './jobs/events.ts';
export { writeReport } from './jobs/report.ts';
export { type FlowRequest, trainFlow } from './jobs/train-flow.ts';
export { trainUnet, type UnetRequest } from './jobs/train-unet.ts';
export { type Evaluation, evaluate } from './judge/evaluation.ts';
export { chooseThreshold, parseThresholdRule, type ThresholdRule } from './judge/thresholds.ts';
