/**
 * What of a station's memory is for what, bytes. Bounded here, so that what is left for decoded images is known. A shadow has of that
 * what pictures do not need. Trainings, replays and checks of bundles run in processes of their own and come on top.
 */
const MIB = 2 ** 20;

export const memoryFor = {
  /** Bodies of requests that bring images. */
  arriving: 96 * MIB,
  /** Encoded images that have a place in the queue. */
  waiting: 64 * MIB,
  /** Large answers that are being sent. */
  answers: 32 * MIB,
  /** Images and maps of the newest inspections. */
  recentPictures: 48 * MIB,
  /** Smaller copies and maps that were made. */
  views: 32 * MIB,
} as const;

/** The process that makes smaller copies, while it makes none; and what the station's own heap grows by. */
const BESIDE = 150e6;

/** Encoded images that wait for a shadow, lent of what is for decoded ones. */
export const WAITING_FOR_SHADOW = 32 * MIB;

/** However little memory there is, images of so much are inspected. */
const LEAST = 100e6;

/** Of all memory that a station may take, what decoded images may, beside what its processes take at rest. */
export function forImages(all: number, atRest: number): number {
  const reserved = Object.values(memoryFor).reduce((a, b) => a + b, BESIDE);
  return Math.max(LEAST, all - atRest - reserved);
}
