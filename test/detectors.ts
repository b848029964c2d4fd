/** Small detectors with random weights, as a bundle takes them: real networks that need no training. */
import type { TrainedDetector } from '../src/bundle/write.ts';
import { waveletBackbone } from '../src/detectors/backbones/wavelet.ts';
import type { Canvas } from '../src/detectors/detector.ts';
import { flowPermutations } from '../src/detectors/flow/config.ts';
import { flowInspection } from '../src/detectors/flow/inspection.ts';
import { unetInspection } from '../src/detectors/unet/inspection.ts';
import { createGraph } from '../src/engine/operators/table.ts';
import { DeclaredParameters, initialTensors } from '../src/engine/parameters.ts';

const canvas: Canvas = { height: 64, width: 96, fit: 'letterbox' };

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

export const smallUnet = (): TrainedDetector =>
  withWeights(unetInspection({ canvas, base: 4, patch: 64, exposure: 'standardised' }), 1);

export function smallFlow(): TrainedDetector {
  const backbone = waveletBackbone();
  const config = { channels: backbone.channels, hidden: 8, kernels: [3, 3, 3, 5], clamp: 3 };
  const permutations = flowPermutations(config.channels, 4, 0);
  return withWeights(
    flowInspection({ canvas, backbone, config, permutations, score: { image: 'max', map: 'average' } }),
    2,
  );
}
