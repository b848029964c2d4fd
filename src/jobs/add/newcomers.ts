/** Photographs that are to be added to a bundle: which of them may be, and why not the others. */
import { FelfriError } from '../../core/errors.ts';
import { sha256File } from '../../core/files.ts';
import type { DataSet } from '../../data/dataset.ts';
import { NearCopySearch } from '../../data/leak/near-copies.ts';
import type { Problem } from '../../data/listing.ts';
import { contradictedByMasks } from '../../data/masks/contradicted.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Split } from '../../data/split.ts';
import type { JobControl } from '../../train/control.ts';

export interface Newcomers {
  readonly good: readonly PartImage[];
  readonly defective: readonly PartImage[];
  readonly leftOut: readonly Problem[];
}

/** Their names and part groups must be no other image's, unless somebody says that they show the same part. */
const renamed = (image: PartImage, { name }: DataSet): PartImage => ({
  ...image,
  name: `added/${name}/${image.name}`,
  partGroup: image.groupStated ? image.partGroup : `added/${name}/${image.partGroup}`,
});

const leak = ({ name }: PartImage, what: string): Problem => ({
  name,
  code: 'LEAK_FOUND',
  message: `${name}: ${what}, so that it is left out`,
});

/** The same file as one of the data set, or as another new one. */
async function equalFiles(photos: readonly PartImage[], dataSet: DataSet): Promise<Problem[]> {
  const known = new Map<string, string>();
  for (const { path, name } of dataSet.images) known.set(await sha256File(path), name);
  const problems: Problem[] = [];
  for (const photo of photos) {
    const hash = await sha256File(photo.path);
    const other = known.get(hash);
    if (other !== undefined) problems.push(leak(photo, `it is the same file as ${other}`));
    else known.set(hash, photo.name);
  }
  return problems;
}

/** Shows a part that sets the threshold or is judged on, by its stated part group or by its pixels. */
async function copies(
  photos: readonly PartImage[],
  { calibration, test }: Split,
  control: JobControl,
): Promise<Problem[]> {
  const apart = [...calibration, ...test];
  const groups = new Map(apart.filter((image) => image.groupStated).map((image) => [image.partGroup, image.name]));
  const stated = photos.flatMap((photo) => {
    const other = photo.groupStated && groups.get(photo.partGroup);
    return other ? [leak(photo, `its part group is that of ${other}, which is kept apart`)] : [];
  });
  const search = await NearCopySearch.open([...photos, ...apart], control);
  const found = await search.across(photos, apart, control);
  const alike = found
    .filter(({ one, other }) => !(one.groupStated && other.groupStated && one.partGroup !== other.partGroup))
    .map(({ one, other }) => leak(one, `it shows the same as ${other.name}, which is kept apart`));
  return [...stated, ...alike];
}

/**
 * The photographs that may be added. Left out is what is a copy of an image of the data set, shows what is kept apart for threshold or test, or is
 * called good by its folder and marked by its mask. Throws DATASET_TOO_SMALL where none is left.
 */
export async function newcomersOf(
  photos: DataSet,
  dataSet: DataSet,
  split: Split,
  control: JobControl,
): Promise<Newcomers> {
  const named = photos.images.map((image) => renamed(image, photos));
  const leftOut: Problem[] = [];
  const without = (some: readonly PartImage[], problems: readonly Problem[]): PartImage[] => {
    const names = new Set(problems.map(({ name }) => name));
    const first = problems.filter(({ name }, i) => problems.findIndex((p) => p.name === name) === i);
    leftOut.push(...first);
    for (const problem of first) control.onProblem?.(problem);
    return some.filter(({ name }) => !names.has(name));
  };
  control.onPhase?.('Looking for copies among the new images');
  const others = without(named, await equalFiles(named, dataSet));
  const clear = without(others, await contradictedByMasks(others));
  const left = clear.length > 0 ? without(clear, await copies(clear, split, control)) : [];
  if (left.length === 0) {
    const [first] = leftOut;
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `none of the ${named.length} new images can be added${first ? ` (${first.message})` : ''}`,
      { subject: photos.root },
    );
  }
  return {
    good: left.filter(({ label }) => label === 'good'),
    defective: left.filter(({ label }) => label === 'defective'),
    leftOut,
  };
}
