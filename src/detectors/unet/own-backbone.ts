/** The way down of a trained U-Net as a network of its own, which a flow can take as its backbone. */
import type { NamedTensors } from '../../core/tensor.ts';
import { add, conv } from '../../engine/builders.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { luma } from '../../train/canvas-grey.ts';
import { imageNetColours } from '../backbones/normalise-image.ts';
import { levelFeatures } from './level-features.ts';
import { type UnetOptions, unetWayDown } from './network.ts';
import { unetStride } from './paper.ts';

/**
 * An ONNX model of one input, `image` (N, 3, H, W) with colours on ImageNet's scale as every `onnx:` backbone is given them, and one
 * output, `features` (N, 30 * base, H / 16, W / 16): the levels of stride 2 to 16 of the way down, averaged to stride 16 and joined. Height
 * and width are open, multiples of 16. Throws WEIGHTS_MISMATCH when `weights` are not those of a U-Net of this base.
 */
export function ownBackboneModel(weights: NamedTensors, options: UnetOptions): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  // the sizes are open in the model: none of its operators names one
  const image = graph.input('image', [1, 3, 4 * unetStride, 4 * unetStride]);
  const { mean, deviation } = imageNetColours;
  const shares = luma.map((share) => share / 65536);
  const grey = add(
    conv(
      image,
      graph.constant(
        [1, 3, 1, 1],
        shares.map((share, i) => share * deviation[i]!),
      ),
    ),
    shares.reduce((sum, share, i) => sum + share * mean[i]!, 0),
  );
  const features = levelFeatures(unetWayDown(grey, new FixedParameters(graph, weights), options));
  return toOnnx({ features }, { openSizes: true });
}
