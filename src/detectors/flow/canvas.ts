/** The canvases that a flow takes. */
import { FelfriError } from '../../core/errors.ts';
import type { Backbone } from '../backbones/backbone.ts';
import type { Canvas } from '../detector.ts';
import { SCALES } from './config.ts';

/**
 * Throws OPTION_INVALID unless both sides are multiples of what the scales need: each has half the sides of the one before, whether
 * they are made from the image or from the backbone's map.
 */
export function requireFlowCanvas({ height, width }: Canvas, { name, stride }: Backbone): void {
  const unit = stride * 2 ** (SCALES - 1);
  if (height % unit === 0 && width % unit === 0) return;
  const near = (side: number): number => Math.max(1, Math.round(side / unit)) * unit;
  throw new FelfriError(
    'OPTION_INVALID',
    `the canvas is ${height} x ${width} pixels; with a flow on ${name} both must be multiples of ${unit}, such as ${near(height)} x ${near(width)}`,
    { subject: 'canvas' },
  );
}
