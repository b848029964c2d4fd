/**
 * The library that reads and writes image files, loaded when the first is: that takes as long as a computing thread needs to
 * load a model, so the two can go on side by side.
 */
import type { SharpConstructor } from 'sharp';

export const loadSharp = async (): Promise<SharpConstructor> => (await import('sharp')).default;
