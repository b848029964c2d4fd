/**
 * A simulated data set of bearing-ring faces, written as a folder with a manifest: images of several parts, some of them with one defect and its mask.
 */
import { join } from 'node:path';
import { Random } from '../../../core/random.ts';
import { checkCounts, foldOfPart, simulatedFolds } from '../defect-plan.ts';
import {
  makeSetFolder,
  meanGrey,
  type SimulatedImage,
  type SimulatedSet,
  whiteMask,
  writeGrey,
  writeManifest,
} from '../set-folder.ts';
import type { SimulationOptions } from '../simulation-options.ts';
import type { DefectClass } from './defects.ts';
import { checkSimulation, type SimulatedClass, simulatedClasses, simulatePart } from './simulate-part.ts';

/** Sides are 256 unless told, and 32 or more. */
export type RingFacesOptions = Omit<SimulationOptions, 'signal'>;

/**
 * Simulates and writes a data set: `images/*.png` (8-bit grey), `masks/*.png` (0 or 255, of defective images only), and last `manifest.csv` with
 * the columns image, mask, class, part_group, fold. Equal options give equal pixels. Throws OPTION_INVALID for an illegal option and RUN_EXISTS when
 * the folder holds something.
 */
export async function simulateRingFaces(options: RingFacesOptions): Promise<SimulatedSet> {
  const { outDir, seed, size = 256, difficulty = 1, onProgress } = options;
  checkSimulation({ width: size, height: size, difficulty, className: 'good' });
  const plan = planImages(options);
  await makeSetFolder(outDir, ['images', 'masks']);
  const images: SimulatedImage[] = [];
  for (const { partNumber, imageNumber, className, image, mask, partGroup, fold } of plan) {
    const simulated = simulatePart(seed, {
      part: partNumber,
      image: imageNumber,
      width: size,
      className,
      difficulty,
    });
    await writeGrey(join(outDir, image), simulated.image, size);
    if (mask) await writeGrey(join(outDir, mask), whiteMask(simulated.mask), size);
    images.push({ image, mask, className, partGroup, fold, meanGrey: meanGrey(simulated.image) });
    onProgress?.(images.length, plan.length);
  }
  return writeManifest(outDir, images);
}

type PlannedImage = Omit<SimulatedImage, 'meanGrey'> & {
  readonly className: SimulatedClass;
  readonly partNumber: number;
  readonly imageNumber: number;
};

/**
 * Deals the classes out: whole parts to folds, then to each fold its share of defective images, at random among the fold's parts, the defect classes
 * in turn. So folds are balanced to within one image of each class, and no part group tells whether its images are defective.
 */
function planImages(options: RingFacesOptions): PlannedImage[] {
  const { seed, parts, imagesPerPart, defectiveShare } = options;
  checkCounts(options);
  const random = Random.of(seed, 'classes');
  const defectClasses = simulatedClasses.filter((name): name is DefectClass => name !== 'good');
  const classOf = new Map<string, SimulatedClass>();
  let seen = 0;
  let dealt = 0;
  for (let fold = 0; fold < simulatedFolds; fold++) {
    const keys: string[] = [];
    for (let part = fold; part < parts; part += simulatedFolds) {
      for (let image = 0; image < imagesPerPart; image++) keys.push(`${part}/${image}`);
    }
    seen += keys.length;
    const target = Math.round(seen * defectiveShare);
    for (const key of random.shuffle(keys)) {
      if (dealt < target) classOf.set(key, defectClasses[dealt++ % defectClasses.length]!);
    }
  }
  const plan: PlannedImage[] = [];
  for (let partNumber = 0; partNumber < parts; partNumber++) {
    const partGroup = `ring${String(partNumber).padStart(3, '0')}`;
    for (let imageNumber = 0; imageNumber < imagesPerPart; imageNumber++) {
      const className = classOf.get(`${partNumber}/${imageNumber}`) ?? 'good';
      const name = `${partGroup}-${String(imageNumber).padStart(3, '0')}.png`;
      const mask = className === 'good' ? '' : `masks/${name}`;
      plan.push({
        image: `images/${name}`,
        mask,
        className,
        partGroup,
        fold: foldOfPart(partNumber),
        partNumber,
        imageNumber,
      });
    }
  }
  return plan;
}
