/** A simulated data set of procedural surfaces of many kinds, all of them good: what a backbone learns from that is to know no part beforehand. */
import { join } from 'node:path';
import { foldOfPart } from '../defect-plan.ts';
import {
  makeSetFolder,
  meanGrey,
  type SimulatedImage,
  type SimulatedSet,
  stopIfAsked,
  writeGrey,
  writeManifest,
} from '../set-folder.ts';
import { checkSimulationOptions, type SimulationOptions } from '../simulation-options.ts';
import { surfaceOf } from './surface.ts';
import { viewOf } from './surface-view.ts';

type SurfaceOptions = Omit<SimulationOptions, 'defectiveShare' | 'difficulty'>;

/**
 * Simulates and writes a data set: `images/*.png` (8-bit grey) and last `manifest.csv`. Part group is the surface; its images show other places
 * of it under other light. Equal options give equal bytes. Throws OPTION_INVALID for an illegal option, RUN_EXISTS when the folder holds
 * something, INTERRUPTED.
 */
export async function simulateSurfaces(options: SurfaceOptions): Promise<SimulatedSet> {
  const { outDir, seed, parts, imagesPerPart, size = 256, onProgress, signal } = options;
  checkSimulationOptions({ ...options, defectiveShare: 0 }, { sizeStep: 2 });
  await makeSetFolder(outDir, ['images']);
  const images: SimulatedImage[] = [];
  for (let part = 0; part < parts; part++) {
    stopIfAsked(signal, outDir, images.length, parts * imagesPerPart);
    const surface = surfaceOf(seed, part);
    const partGroup = `surface${String(part).padStart(4, '0')}`;
    for (let view = 0; view < imagesPerPart; view++) {
      const pixels = viewOf(surface, { seed, part, view, size });
      const image = `images/${partGroup}-${String(view).padStart(2, '0')}.png`;
      await writeGrey(join(outDir, image), pixels, size);
      images.push({
        image,
        mask: '',
        className: 'good',
        partGroup,
        fold: foldOfPart(part),
        meanGrey: meanGrey(pixels),
      });
      onProgress?.(images.length, parts * imagesPerPart);
    }
  }
  return writeManifest(outDir, images);
}
