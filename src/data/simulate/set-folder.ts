/**
 * The folder of a simulated data set: grey images and masks as PNG, and last a manifest, so that a set cut short is never taken for a whole one.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { FelfriError } from '../../core/errors.ts';
import { makeFolder, writeFileAtomic } from '../../core/files.ts';

/** One row of the manifest; paths are relative to the folder. */
export interface SimulatedImage {
  readonly image: string;
  /** Empty for a good image. */
  readonly mask: string;
  readonly className: string;
  readonly partGroup: string;
  readonly fold: number;
  /** Mean grey value, 0..255. Not in the manifest: brightness alone must not tell good from defective, and this lets it be checked. */
  readonly meanGrey: number;
  /** Of sets that are split as the paper's are. */
  readonly publishedSplit?: 'train' | 'test';
}

export interface SimulatedSet {
  readonly directory: string;
  readonly manifest: string;
  readonly images: readonly SimulatedImage[];
}

/** Makes the folder and those in it; throws RUN_EXISTS rather than mix two sets. */
export async function makeSetFolder(outDir: string, folders: readonly string[]): Promise<void> {
  await makeFolder(outDir);
  if ((await readdir(outDir)).length > 0) {
    throw new FelfriError('RUN_EXISTS', `${outDir} is not empty; name another folder, or remove this one first`, {
      subject: outDir,
    });
  }
  for (const folder of folders) await makeFolder(join(outDir, folder));
}

/** Writes width x height grey values as PNG of one channel. */
export async function writeGrey(path: string, pixels: Uint8Array, width: number, height = width): Promise<void> {
  const raw = { width, height, channels: 1 } as const;
  await writeFile(path, await sharp(pixels, { raw }).toColourspace('b-w').png({ compressionLevel: 6 }).toBuffer());
}

/** Mean of grey values. */
export function meanGrey(pixels: Uint8Array): number {
  return pixels.reduce((sum, v) => sum + v, 0) / pixels.length;
}

/** A mask of 0 and 1 as 0 and 255. */
export function whiteMask(mask: Uint8Array): Uint8Array {
  return mask.map((m) => 255 * m);
}

/** Writes manifest.csv with the columns image, mask, class, part_group, fold, and published_split where the images state one. */
export async function writeManifest(outDir: string, images: readonly SimulatedImage[]): Promise<SimulatedSet> {
  const manifest = join(outDir, 'manifest.csv');
  const published = images.some((row) => row.publishedSplit !== undefined);
  const header = ['image', 'mask', 'class', 'part_group', 'fold', ...(published ? ['published_split'] : [])];
  const rows = images.map((row) => [
    row.image,
    row.mask,
    row.className,
    row.partGroup,
    row.fold,
    ...(published ? [row.publishedSplit ?? ''] : []),
  ]);
  await writeFileAtomic(manifest, `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`);
  return { directory: outDir, manifest, images };
}

/** Throws INTERRUPTED when asked to stop. */
export function stopIfAsked(signal: AbortSignal | undefined, outDir: string, done: number, total: number): void {
  if (!signal?.aborted) return;
  throw new FelfriError(
    'INTERRUPTED',
    `stopped after ${done} of ${total} images; ${outDir} has no manifest yet: remove it and run again, equal options give equal images`,
    { subject: outDir },
  );
}
