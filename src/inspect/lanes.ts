/** How the cores are shared out among images. */
import { availableParallelism } from 'node:os';
import type { Device } from '../engine/runtime/devices.ts';

/** Images at once; each takes memory of its own, which on a machine of many cores would be much. */
const MOST_LANES = 4;

/** Images from which several at once are worth their opening. */
const MANY_IMAGES = 8;

/**
 * Lanes, and threads for each, that inspect so many images quickest by `threads` threads in all (all cores unless told): a few images
 * one by one on all threads, many of them side by side, since an image for each thread wastes less than threads that wait for each other
 * within an image. Another device than the processor computes one image at a time.
 */
export function lanesFor(
  images: number,
  threads = availableParallelism(),
  device: Device = 'cpu',
): { lanes: number; threads: number } {
  const lanes = images < MANY_IMAGES || device !== 'cpu' ? 1 : Math.min(threads, MOST_LANES);
  return { lanes, threads: Math.floor(threads / lanes) };
}
