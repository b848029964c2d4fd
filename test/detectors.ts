/** Small detectors with random weights, as a bundle takes them, and their fusion: real networks that need no training. */
import { exportModel, type TrainedDetector } from '../src/bundle/write.ts';
import type { Backbone } from '../src/detectors/backbones/backbone.ts';
import { waveletBackbone } from '../src/detectors/backbones/wavelet.ts';
import { flowPermutations } from '../src/detectors/flow/config.ts';
import { flowInspection } from '../src/detectors/flow/inspection.ts';
import { type FusionOptions, fusionInspection } from '../src/detectors/fusion/inspection.ts';
import { unetInspection } from '../src/detectors/unet/inspection.ts';
import { readForeignModel } from '../src/engine/onnx/foreign-model.ts';
import { toOnnx } from '../src/engine/onnx/writer.ts';
import { createGraph } from '../src/engine/operators/table.ts';
import { DeclaredParameters, initialTensors } from '../src/engine/parameters.ts';
import type { Canvas } from '../src/train/canvas.ts';

const letterbox: Canvas = { height: 64, width: 96, fit: 'letterbox' };

function withWeights(inspection: TrainedDetector['inspection'], seed: number): TrainedDetector {
  const graph = createGraph();
  const declared = new DeclaredParameters(graph, false);
  inspection(graph.input('pixels', [-1, -1, 3], 'uint8'), declared);
  const all = [...declared.trained.values(), ...declared.states.values()].map((d) => d.declaration);
  // a flow's gammas start at 0, where it is the identity: move them, so that every weight has a say
  const moved = all.map((d) =>
    'fill' in d.initial && d.name.includes('gamma') ? { ...d, initial: { normal: 0.3 } } : d,
  );
  return { inspection, weights: initialTensors(moved, seed) };
}

export const smallUnet = (base = 4): TrainedDetector =>
  withWeights(unetInspection({ canvas: letterbox, base, patch: 64, exposure: 'standardised' }), 1);

export function smallFlow(canvas = letterbox, backbone: Backbone = waveletBackbone()): TrainedDetector {
  const config = { channels: backbone.channels, hidden: 8, kernels: [3, 3, 3, 5], clamp: 3 };
  const permutations = flowPermutations(config.channels, 4, 0);
  return withWeights(
    flowInspection({ canvas, backbone, config, permutations, score: { image: 'max', map: 'average' } }),
    2,
  );
}

/** A flow on a stretched canvas and a U-Net on a letterboxed one, so that their maps differ in size and proportions. */
export function smallFusion() {
  const square: Canvas = { height: 64, width: 64, fit: 'stretch' };
  const [flow, unet] = [smallFlow(square), smallUnet()].map(exportModel) as [Uint8Array, Uint8Array];
  // scales and ranges near what random weights give, so that each detector has a say in score and map
  const options: FusionOptions = {
    flow: {
      model: readForeignModel(flow, 'flow', ['map', 'score'], 'uint8'),
      canvas: square,
      scale: { form: 'raw', median: 17, spread: 1 },
      mapRange: { low: 12, high: 18 },
      mapInScores: true,
    },
    unet: {
      model: readForeignModel(unet, 'unet', ['map', 'score'], 'uint8'),
      canvas: letterbox,
      scale: { form: 'logit', median: -4.6, spread: 0.25 },
      mapRange: { low: 0, high: 0.02 },
      mapInScores: true,
    },
    combination: 'sum',
  };
  const model = toOnnx({ ...fusionInspection(createGraph().input('pixels', [-1, -1, 3], 'uint8'), options) });
  return { flow, unet, options, model };
}
