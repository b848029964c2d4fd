/** What is sent for a data set, as it is stored: checked, its names made legal. */
import { FelfriError } from '../../core/errors.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { isGoodName } from '../../data/layouts/words.ts';
import type { DataSetImage, ImageFields, ImageLabel } from '../contract/datasets.ts';
import type { SideWork } from '../inspecting/side-work.ts';
import type { StoredImage } from './manifest.ts';

/** Class of a defect that nobody named. */
const UNNAMED = 'defective';

/** What reads pixels, in a process of its own: decoding a large image would hold up whoever answers. */
export type PixelWork = Pick<SideWork, 'size' | 'mask'>;

/** What taking in needs: where pixels are read, and the most of an image. */
interface Reading {
  readonly pixels: PixelWork;
  readonly maxPixels: number;
}

export type NewImage = Omit<ImageFields, 'by'> & { readonly inspection?: string };

/** Throws OPTION_INVALID for a name that a manifest would read as good, or that is no name. */
function requireClass(name: string): string {
  const trimmed = name.trim();
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(trimmed) && !isGoodName(trimmed)) return trimmed;
  throw new FelfriError(
    'OPTION_INVALID',
    `got the class ${JSON.stringify(name)}; legal is the name of a defect: letters, digits, spaces, dots, hyphens, underscores, and no word for good parts, such as ok`,
    { subject: 'className' },
  );
}

function labelOf({
  label,
  className,
}: Pick<NewImage, 'label' | 'className'>): Pick<DataSetImage, 'label' | 'className'> {
  if (label === undefined) return { label: null, className: null };
  return { label, className: label === 'good' ? 'good' : requireClass(className ?? UNNAMED) };
}

/** An image as it came, with the SHA-256 of its bytes; its pixels are tried. Throws OPTION_INVALID for a class that is none, and IMAGE_ codes: what is too large is refused from its header. */
export async function storedImage(
  { bytes, hash }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly hash: string },
  { name, partGroup, inspection, ...said }: NewImage,
  addedAt: Date,
  { pixels, maxPixels }: Reading,
): Promise<StoredImage> {
  const label = labelOf(said);
  const { format } = await readImageHeader(bytes, 'the image', maxPixels);
  const { width, height } = await pixels.size({ bytes, maxPixels });
  return {
    hash,
    name: name?.trim() || hash.slice(0, 12),
    width,
    height,
    ...label,
    partGroup: partGroup?.trim() || hash,
    mask: null,
    inspection: inspection ?? null,
    addedAt: addedAt.toISOString(),
    format,
  };
}

/** The image under another label; what is not said stays. Throws OPTION_INVALID for a class that is none. */
export function relabelled(image: StoredImage, { label, className, partGroup }: ImageLabel): StoredImage {
  const now = label === undefined ? image.label : label;
  const former = image.label === 'defective' ? image.className! : UNNAMED;
  const said = labelOf(now === null ? {} : { label: now, className: className ?? former });
  return {
    ...image,
    ...said,
    mask: now === 'defective' ? image.mask : null,
    partGroup: partGroup?.trim() || image.partGroup,
  };
}

/** The image with a mask, which makes it one of a defect. */
export const masked = (image: StoredImage, mask: string): StoredImage => ({
  ...image,
  label: 'defective',
  className: image.label === 'defective' ? image.className : UNNAMED,
  mask,
});

/** A sent mask as PNG. Throws MASK_MISMATCH, MASK_EMPTY, MASK_UNCLEAR, REQUEST_INVALID for anything but a PNG, and IMAGE_ codes. */
export async function sentMask(
  bytes: Uint8Array<ArrayBuffer>,
  { width, height }: Pick<StoredImage, 'width' | 'height'>,
  { pixels, maxPixels }: Reading,
): Promise<Uint8Array> {
  const { format } = await readImageHeader(bytes, 'the mask', maxPixels);
  if (format !== 'png') throw new FelfriError('REQUEST_INVALID', `got a mask as ${format}; legal is PNG`);
  return pixels.mask({ bytes, width, height, maxPixels });
}

export const noMask = (hash: string): FelfriError =>
  new FelfriError('NOT_FOUND', `the image ${hash} has no mask`, { subject: hash });

/** What of an image people say. */
export const stateOf = (image: StoredImage | null | undefined) =>
  image ? { label: image.label, className: image.className, partGroup: image.partGroup, mask: image.mask } : null;
