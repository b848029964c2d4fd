/**
 * A simulated data set of forged coupling links that a robot turns before a still camera: several views of each link.
 */
import { join } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
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
import { Link, linkDefects } from './link.ts';

export interface CouplingLinkOptions extends SimulationOptions {
  /**
   * So many links, the last ones, are the test side of a published split, and they alone bear defects: the share of defective images is then that
   * of the test side. Not told: no published split, defects on any link.
   */
  readonly testParts?: number;
}

/**
 * Simulates and writes a data set: `images/*.png` (8-bit grey), `masks/*.png` (0 or 255, of defective images only), and last `manifest.csv`, with
 * published_split where `testParts` is told. An image is defective when a defect changes at least `smallestMask` of its pixels, and no image has fewer but
 * some; a link with a defect has good images too, where it is out of sight. Equal options give equal bytes. Throws OPTION_INVALID for an
 * illegal option, RUN_EXISTS when the folder holds something, INTERRUPTED.
 */
export async function simulateCouplingLinks(options: CouplingLinkOptions): Promise<SimulatedSet> {
  const { outDir, seed, parts, imagesPerPart, size = 320, difficulty = 1, testParts, onProgress, signal } = options;
  checkSimulationOptions(options, { sizeStep: 1 });
  if (testParts !== undefined && !(Number.isInteger(testParts) && testParts >= 1 && testParts < parts)) {
    const legal = `a whole number from 1 to ${parts - 1}, one less than the parts`;
    throw new FelfriError('OPTION_INVALID', `testParts is ${testParts}; it must be ${legal}`, { subject: 'testParts' });
  }
  const firstTest = parts - (testParts ?? parts);
  const wanted = dealDefectiveImages(
    Array.from({ length: parts - firstTest }, (_, i) => firstTest + i),
    options,
  );
  await makeSetFolder(outDir, ['images', 'masks']);
  const dealer = new DefectDealer(linkDefects);
  const images: SimulatedImage[] = [];
  for (let part = 0; part < parts; part++) {
    stopIfAsked(signal, outDir, images.length, parts * imagesPerPart);
    const link = new Link({ seed, part, images: imagesPerPart, size, difficulty });
    const onPart = wanted.get(part) ?? 0;
    if (onPart > 0) {
      dealer.deal(link, onPart, imagesPerPart, (attempt) => Random.of(seed, 'link defects', part, attempt));
    }
    const partGroup = `link${String(part).padStart(3, '0')}`;
    for (const { image, mask, className } of link.images()) {
      const file = `${partGroup}-${String(images.length % imagesPerPart).padStart(2, '0')}.png`;
      await writeGrey(join(outDir, 'images', file), image, size);
      if (className !== 'good') await writeGrey(join(outDir, 'masks', file), whiteMask(mask), size);
      images.push({
        image: `images/${file}`,
        mask: className === 'good' ? '' : `masks/${file}`,
        className,
        partGroup,
        fold: foldOfPart(part),
        meanGrey: meanGrey(image),
        ...(testParts !== undefined && { publishedSplit: part < firstTest ? 'train' : 'test' }),
      });
      onProgress?.(images.length, parts * imagesPerPart);
    }
  }
  return writeManifest(outDir, images);
}
