/** The canvases that a flow takes. */

import type { Canvas } from '../../train/canvas.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { requireSides } from '../canvas-sides.ts';
import { SCALES } from './config.ts';

/**
 * Throws OPTION_INVALID unless both sides are multiples of what the scales need: each has half the sides of the one before, whether
 * they are made from the image or from the backbone's map.
 */
export function requireFlowCanvas(canvas: Canvas, { name, stride }: Backbone): void {
  requireSides(canvas, stride * 2 ** (SCALES - 1), { on: `a flow on ${name}` });
}
