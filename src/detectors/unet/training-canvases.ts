/** What a U-Net learns from, and what is watched meanwhile, read onto its canvas. */

import type { Problem } from '../../data/listing.ts';
import type { PartImage } from '../../data/part-image.ts';
import { type Canvases, type CanvasOptions, readCanvases } from '../../train/canvases.ts';
import type { JobControl } from '../../train/control.ts';

/** Tells the progress, and which images could not be read, or not with their masks. Throws INTERRUPTED. */
export async function readTrainingCanvases(
  images: { readonly learned: readonly PartImage[]; readonly watched: readonly PartImage[] },
  { canvas, exposure, intake }: CanvasOptions,
  { onProgress, onProblem, signal }: JobControl,
): Promise<{ learned: Canvases; watched: Canvases; problems: readonly Problem[] }> {
  const learned = await readCanvases(images.learned, canvas, exposure, { intake, onProgress, signal });
  for (const problem of learned.problems) onProblem?.(problem);
  const watched = await readCanvases(images.watched, canvas, exposure, { intake, signal });
  // an image that cannot be read is told when the threshold is set on it, where masks are not looked at
  const masks = watched.problems.filter(({ code }) => /^(MASK|ANNOTATION)_/.test(code));
  const unwatched = masks.map((problem) => ({ ...problem, pixelsOnly: true }));
  for (const problem of unwatched) onProblem?.(problem);
  return { learned, watched, problems: [...learned.problems, ...unwatched] };
}
