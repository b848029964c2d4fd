/**
 * A simulated data set of bearing-ring faces, written as a folder with a manifest: images of several parts, some of them with one defect and its mask.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { FelfriError } from '../../../core/errors.ts';
import { writeFileAtomic } from '../../../core/files.ts';
import { Random } from '../../../core/random.ts';
import type { DefectClass } from './defects.ts';
import { checkSimulation, type SimulatedClass, simulatedClasses, simulatePart } from './simulate-part.ts';

export interface RingFacesOptions {
  /** A folder that does not exist yet, or is empty. */
  readonly outDir: string;
  readonly seed: number;
  /** Number of rings; each is one part group. */
  readonly parts: number;
  readonly imagesPerPart: number;
  /** Side of the square images in pixels, 32 or more. Default 256. */
  readonly size?: number;
  /** Share of the images that bear a defect, 0..1. */
  readonly defectiveShare: number;
  /** As in `simulatePart`: 0.25 (easy) to 4 (hard). Default 1. */
  readonly difficulty?: number;
  /** Called after each image. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One row of the manifest; paths are relative to the folder. */
export interface SimulatedImage {
  readonly image: string;
  /** Empty for a good image. */
  readonly mask: string;
  readonly className: SimulatedClass;
  readonly partGroup: string;
  readonly fold: number;
}

export interface SimulatedSet {
  readonly directory: string;
  readonly manifest: string;
  readonly images: readonly SimulatedImage[];
}

const folds = 5;

/**
 * Simulates and writes a data set: `images/*.png` (8-bit grey), `masks/*.png` (0 or 255, of defective images only), and last `manifest.csv` with
 * the columns image, mask, class, part_group, fold. Equal options give equal pixels. Throws OPTION_INVALID for an illegal option and RUN_EXISTS when
 * the folder holds something.
 */
export async function simulateRingFaces(options: RingFacesOptions): Promise<SimulatedSet> {
  const { outDir, seed, size = 256, difficulty = 1, onProgress } = options;
  checkSimulation({ width: size, height: size, difficulty, className: 'good' });
  const plan = planImages(options);
  await makeFolders(outDir);
  for (const [done, { partNumber, imageNumber, className, image, mask }] of plan.entries()) {
    const simulated = simulatePart(seed, {
      part: partNumber,
      image: imageNumber,
      width: size,
      className,
      difficulty,
    });
    await writeGrey(join(outDir, image), simulated.image, size);
    if (mask) {
      await writeGrey(
        join(outDir, mask),
        simulated.mask.map((m) => 255 * m),
        size,
      );
    }
    onProgress?.(done + 1, plan.length);
  }
  const manifest = join(outDir, 'manifest.csv');
  const rows = plan.map((row) => [row.image, row.mask, row.className, row.partGroup, row.fold].join(','));
  await writeFileAtomic(manifest, `${['image,mask,class,part_group,fold', ...rows].join('\n')}\n`);
  return {
    directory: outDir,
    manifest,
    images: plan.map(({ image, mask, className, partGroup, fold }) => ({ image, mask, className, partGroup, fold })),
  };
}

type PlannedImage = SimulatedImage & { readonly partNumber: number; readonly imageNumber: number };

/**
 * Deals the classes out: whole parts to folds, then to each fold its share of defective images, at random among the fold's parts, the defect classes
 * in turn. So folds are balanced to within one image of each class, and no part group tells whether its images are defective.
 */
function planImages(options: RingFacesOptions): PlannedImage[] {
  const { seed, parts, imagesPerPart, defectiveShare } = options;
  checkCount('parts', parts);
  checkCount('imagesPerPart', imagesPerPart);
  if (!(defectiveShare >= 0 && defectiveShare <= 1)) {
    throw new FelfriError('OPTION_INVALID', `defectiveShare is ${defectiveShare}; it must be from 0 to 1`, {
      subject: 'defectiveShare',
    });
  }
  const random = Random.of(seed, 'classes');
  const defectClasses = simulatedClasses.filter((name): name is DefectClass => name !== 'good');
  const classOf = new Map<string, SimulatedClass>();
  let seen = 0;
  let dealt = 0;
  for (let fold = 0; fold < folds; fold++) {
    const keys: string[] = [];
    for (let part = fold; part < parts; part += folds) {
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
        fold: partNumber % folds,
        partNumber,
        imageNumber,
      });
    }
  }
  return plan;
}

function checkCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return;
  throw new FelfriError('OPTION_INVALID', `${option} is ${value}; it must be a whole number from 1 to 100000`, {
    subject: option,
  });
}

/** Makes the folders of a data set; throws RUN_EXISTS rather than mix two sets. */
async function makeFolders(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  if ((await readdir(outDir)).length > 0) {
    throw new FelfriError('RUN_EXISTS', `${outDir} is not empty; name another folder, or remove this one first`, {
      subject: outDir,
    });
  }
  await mkdir(join(outDir, 'images'));
  await mkdir(join(outDir, 'masks'));
}

async function writeGrey(path: string, pixels: Uint8Array, size: number): Promise<void> {
  const raw = { width: size, height: size, channels: 1 } as const;
  await writeFile(path, await sharp(pixels, { raw }).toColourspace('b-w').png({ compressionLevel: 6 }).toBuffer());
}
