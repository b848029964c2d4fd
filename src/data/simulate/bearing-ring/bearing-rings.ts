/**
 * A simulated data set of bearing rings as two line-scan cameras see them: long strips of the turning face, cut into patches that overlap by half.
 */
import { join } from 'node:path';
import { Random } from '../../../core/random.ts';
import { DefectDealer, dealDefectiveImages, foldOfPart } from '../defect-plan.ts';
import {
  makeSetFolder,
  meanGrey,
  type SimulatedImage,
  type SimulatedSet,
  stopIfAsked,
  whiteMask,
  writeGrey,
  writeManifest,
} from '../set-folder.ts';
import { checkSimulationOptions, type SimulationOptions } from '../simulation-options.ts';
import { Ring } from './ring.ts';
import { cameras } from './ring-strip.ts';
import { type StripDefect, stripDefects } from './strip-defects.ts';

export interface BearingRingOptions extends SimulationOptions {
  /** Also write the whole strips and their masks to `strips/`. They are not in the manifest. */
  readonly strips?: boolean;
}

const defectClasses = Object.keys(stripDefects) as StripDefect[];

/**
 * Simulates and writes a data set: `images/*.png` (patches, 8-bit grey), `masks/*.png` (0 or 255, of defective patches only), and last
 * `manifest.csv`. A patch is defective when at least `smallestMask` of its pixels are, and no patch has fewer but some. Part group is the ring; odd numbers of
 * patches give the outer camera one more. Equal options give equal bytes. Throws OPTION_INVALID for an illegal option, RUN_EXISTS when the folder
 * holds something, INTERRUPTED.
 */
export async function simulateBearingRings(options: BearingRingOptions): Promise<SimulatedSet> {
  const {
    outDir,
    seed,
    parts,
    imagesPerPart,
    size = 256,
    difficulty = 1,
    strips = false,
    onProgress,
    signal,
  } = options;
  checkSimulationOptions(options, { sizeStep: 2 });
  const wanted = dealDefectiveImages(
    Array.from({ length: parts }, (_, part) => part),
    options,
  );
  await makeSetFolder(outDir, ['images', 'masks', ...(strips ? ['strips'] : [])]);
  const dealer = new DefectDealer(defectClasses);
  const images: SimulatedImage[] = [];
  for (let part = 0; part < parts; part++) {
    stopIfAsked(signal, outDir, images.length, parts * imagesPerPart);
    const ring = new Ring({ seed, part, patches: imagesPerPart, size, difficulty });
    dealer.deal(ring, wanted.get(part)!, imagesPerPart, (attempt) => Random.of(seed, 'ring defects', part, attempt));
    const partGroup = `ring${String(part).padStart(3, '0')}`;
    for (const { name, image, mask, className } of ring.patches()) {
      const file = `${partGroup}-${name}.png`;
      await writeGrey(join(outDir, 'images', file), image, size);
      if (className !== 'good') await writeGrey(join(outDir, 'masks', file), whiteMask(mask), size);
      images.push({
        image: `images/${file}`,
        mask: className === 'good' ? '' : `masks/${file}`,
        className,
        partGroup,
        fold: foldOfPart(part),
        meanGrey: meanGrey(image),
      });
      onProgress?.(images.length, parts * imagesPerPart);
    }
    if (strips) await writeStrips(join(outDir, 'strips', partGroup), ring);
  }
  return writeManifest(outDir, images);
}

async function writeStrips(path: string, ring: Ring): Promise<void> {
  for (const [camera, strip] of ring.strips.entries()) {
    const { image, mask } = strip.render();
    await writeGrey(`${path}-${cameras[camera]}.png`, image, strip.width, strip.height);
    await writeGrey(`${path}-${cameras[camera]}-mask.png`, whiteMask(mask), strip.width, strip.height);
  }
}
