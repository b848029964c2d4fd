/**
 * The library that reads and writes image files, loaded when the first is: it takes a quarter of a second, in which a computing thread can
 * load a model.
 */
import type { SharpConstructor } from 'sharp';

export const loadSharp = async (): Promise<SharpConstructor> => (await import('sharp')).default;
