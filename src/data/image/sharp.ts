/**
 * The library that reads and writes image files, loaded when the first is: that takes as long as a computing thread needs to
 * load a model, so the two can go on side by side.
 */
import type { SharpConstructor } from 'sharp';

let loading: Promise<SharpConstructor> | undefined;

export const loadSharp = (): Promise<SharpConstructor> =>
  (loading ??= import('sharp').then((module) => module.default));
