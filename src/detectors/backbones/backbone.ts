/** A backbone: the fixed network, or filter bank, whose feature maps a flow learns, or a U-Net's way up begins from. */
import type { Value } from '../../engine/graph.ts';

export interface Backbone {
  /** As named on the command line: 'wavelet', 'surface', 'efficientnet-b0', 'onnx:FILE'. */
  readonly name: string;
  /** SPDX identifier or a short statement, for the bundle; 'unknown' for weights that the user brings. */
  readonly licence: string;
  /** SHA-256 over everything that determines its numbers: architecture, options and weights. */
  readonly fingerprint: string;
  /** Channels of the feature map. */
  readonly channels: number;
  /** Pixels of the image per position of the feature map, along each axis. */
  readonly stride: number;
  /** Feature map (N, channels, ceil(H / stride), ceil(W / stride)) of RGB images (N, 3, H, W) in 0..1. */
  features(image: Value): Value;
  /**
   * Maps (N, C, ceil(H / s), ceil(W / s)) of RGB images (N, 3, H, W) in 0..1 at the strides s of 4, 8, 16 and 32, finest first; absent where the
   * backbone has none such.
   */
  readonly pyramid?: (image: Value) => readonly Value[];
}
