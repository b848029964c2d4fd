/** What is asked of a study, out of a data set: its parts with what each is, and felfri's own decisions on the same pictures. */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { InspectedAppraisal } from '../../data/appraisals/inspections.ts';
import { requireOtherPictures } from '../../data/appraisals/repeats.ts';
import type { NewStudy, StudyPart } from '../contract/studies.ts';
import type { DataSetFolder } from '../datasets/data-set-folder.ts';
import { imageFile, type StoredImage } from '../datasets/manifest.ts';
import type { Records } from '../records/records.ts';
import { studyBounds } from './bounds.ts';
import type { StoredStudy } from './stored.ts';

type Group = [part: string, images: StoredImage[]];

function illegal(message: string, subject: string): FelfriError {
  return new FelfriError('OPTION_INVALID', message, { subject });
}

function groupsOf(images: readonly StoredImage[]): Group[] {
  const groups = new Map<string, StoredImage[]>();
  for (const image of images) groups.set(image.partGroup, [...(groups.get(image.partGroup) ?? []), image]);
  return [...groups];
}

function partOf([part, images]: Group, limits: ReadonlySet<string> | undefined): StudyPart {
  const [first] = images;
  const other = images.find(({ className }) => className !== first!.className);
  if (other)
    throw illegal(
      `pictures of part ${part} are labelled ${first!.className} and ${other.className}; a part is one of them`,
      'dataSet',
    );
  return {
    part,
    reference: first!.className!,
    limit: limits ? limits.has(part) : null,
    pictures: images.map(({ hash }) => hash),
  };
}

/**
 * The parts of a data set, in the order of their first pictures.
 *
 * @throws FelfriError OPTION_INVALID where an image has no label, a part has two, a kind of part is missing, there are fewer than three parts or
 * more than a study has, or a limit sample is none of them.
 */
export function partsOf(images: readonly StoredImage[], { limitSamples }: Pick<NewStudy, 'limitSamples'>): StudyPart[] {
  const unlabelled = images.filter(({ label }) => label === null).length;
  if (unlabelled > 0)
    throw illegal(`${unlabelled} images of the data set have no label; say of each what it is, or take it out`, 'dataSet'); // biome-ignore format: one line
  const groups = groupsOf(images);
  if (groups.length < 3 || groups.length > studyBounds.parts)
    throw illegal(`the data set has ${groups.length} parts; legal are 3 to ${studyBounds.parts}`, 'dataSet');
  const parts = groups.map((group) => partOf(group, limitSamples && new Set(limitSamples)));
  for (const kind of ['good', 'defective'] as const)
    if (!parts.some(({ reference }) => (reference === 'good') === (kind === 'good')))
      throw illegal(`the data set has no ${kind} part; a study takes both kinds`, 'dataSet');
  const stray = limitSamples?.find((one) => !parts.some(({ part }) => part === one));
  if (stray !== undefined) throw illegal(`there is no part ${stray} in the data set; legal are its part groups`, 'limitSamples'); // biome-ignore format: one line
  return parts;
}

/** The picture of a trial, from 1: another presentation of the part where it was photographed so often. */
export const pictureOf = ({ pictures }: StudyPart, trial: number): string => pictures[(trial - 1) % pictures.length]!;

/** The first so many pictures of each part, by their inspections; or why there are none. */
async function inspectedPictures(
  records: Records,
  set: DataSetFolder,
  { parts, trials }: Pick<StoredStudy, 'parts' | 'trials'>,
) {
  const rows = [];
  for (const { part, pictures } of parts) {
    if (pictures.length < trials)
      return `part ${part} has ${pictures.length} of the ${trials} pictures that as many trials take: present it again, inspect it, and add it`;
    for (const hash of pictures.slice(0, trials)) {
      const image = set.requireImage(hash);
      const inspection = image.inspection === null ? undefined : await records.inspection(image.inspection);
      if (!inspection) return `a picture of part ${part} is of no inspection on record`;
      rows.push({ part, image, inspection });
    }
  }
  return rows;
}

/**
 * felfri's decisions on the pictures that people will see, where each part was presented as often as there are trials and one revision of one
 * recipe decided all of them; else why it is no appraiser.
 *
 * @throws FelfriError PRESENTED_TWICE where two of the pictures are one, by their pixels.
 */
export async function felfriOf(
  records: Records,
  set: DataSetFolder,
  asked: Pick<StoredStudy, 'parts' | 'trials'>,
): Promise<Pick<StoredStudy, 'felfri' | 'felfriWhy'>> {
  const none = (why: string) => ({ felfri: null, felfriWhy: why });
  const rows = await inspectedPictures(records, set, asked);
  if (typeof rows === 'string') return none(rows);
  const { recipe, revision } = rows[0]!.inspection;
  const other = rows.find(({ inspection }) => inspection.recipe !== recipe || inspection.revision !== revision);
  if (other) return none(`part ${other.part} was inspected by another recipe, or by other thresholds, than part ${rows[0]!.part}`); // biome-ignore format: one line
  const found = (await records.recipes()).find(({ id }) => id === recipe);
  if (!found) return none(`the recipe ${recipe} is not on record`);
  await requireOtherPictures(
    rows.map(
      ({ part, image, inspection: { decision, score } }, i): InspectedAppraisal => ({
        part,
        image: join(set.path, imageFile(image)),
        from: 'the data set',
        line: i + 1,
        appraiser: 'felfri',
        bundle: found.bundleHash,
        passed: decision === 'OK',
        said: decision,
        score,
      }),
    ),
  );
  const decisions = asked.parts.map((_, i) =>
    rows
      .slice(i * asked.trials, (i + 1) * asked.trials)
      .map(({ inspection: { id, decision, score } }) => ({ decision, score, inspection: id })),
  );
  return { felfri: { appraiser: `felfri ${found.bundleHash.slice(0, 8)}`, decisions }, felfriWhy: null };
}
