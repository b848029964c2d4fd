/** What the detectors have in common: the shape in which training and bundles use them. */

import type { Value } from '../engine/graph.ts';
import type { Parameters } from '../engine/parameters.ts';

/** `fusion` is a trained flow and a trained U-Net in one model. */
export type DetectorName = 'flow' | 'unet' | 'fusion';

/** How an image of any size is brought to the canvas that the detector sees. */
export interface Canvas {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  readonly fit: 'stretch' | 'letterbox';
}

/** Outputs of the graph from pixels: a bundle's model. */
export interface Inspection {
  /** (1, 1, h, w): the score map over the image (the canvas less its padding); larger is worse. */
  readonly map: Value;
  /** Scalar of shape []: the image's score; larger is worse. */
  readonly score: Value;
}

/** Builds the whole way from pixels (H, W, 3) uint8 to an inspection. */
export type InspectionBuilder = (pixels: Value, parameters: Parameters) => Inspection;
