/** Inspections as images of a data set: what a person said of them becomes their label. */
import { FelfriError } from '../../core/errors.ts';
import type { InspectionsAdded } from '../contract/datasets.ts';
import type { Inspection } from '../contract/inspections.ts';
import { labelOfVerdict } from '../inspections/verdict.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import type { DataSets } from './data-sets.ts';

/** Inspections with feedback that are looked through at a time. */
const PAGE = 200;

/** What of a station takes part. */
interface Things {
  readonly records: Records;
  readonly pictures: PictureStore;
  readonly dataSets: DataSets;
}

async function* chosen(things: Things, ids: readonly string[] | undefined): AsyncGenerator<Inspection | string> {
  if (ids) {
    for (const id of ids) yield (await things.records.inspection(id)) ?? id;
    return;
  }
  let before: string | null = null;
  do {
    const page = await things.records.inspections({ feedback: 'any', limit: PAGE, ...(before && { before }) });
    yield* page.inspections;
    before = page.next;
  } while (before !== null);
}

async function addOne(
  things: Things,
  id: string,
  inspection: Inspection,
  change: Change,
): Promise<'added' | 'labelled' | 'known'> {
  const { dataSets, pictures } = things;
  const bytes = inspection.imageStored ? await pictures.image(inspection.imageHash) : undefined;
  if (!bytes) throw new FelfriError('NOT_FOUND', 'its image was not kept; the station’s --store says which are');
  const { feedback } = inspection;
  const label = feedback && labelOfVerdict(inspection.decision, feedback.verdict);
  const said = label ? { label, ...(feedback?.className && { className: feedback.className }) } : undefined;
  const fields = {
    name: inspection.part ?? inspection.resultId,
    inspection: inspection.id,
    ...said,
    ...(inspection.part !== null && { partGroup: inspection.part }),
  };
  const { added, image } = await dataSets.add(id, bytes, fields, change);
  if (added) return 'added';
  if (image!.label !== null || said === undefined) return 'known';
  await dataSets.label(id, image!.hash, said, change);
  return 'labelled';
}

/** Adds them one by one; one that cannot be added does not stop the others. Throws NOT_FOUND for the data set. */
export async function addInspections(
  things: Things,
  id: string,
  inspections: readonly string[] | undefined,
  change: Change,
): Promise<InspectionsAdded> {
  const counts = { added: 0, labelled: 0, known: 0 };
  const refused: InspectionsAdded['refused'] = [];
  things.dataSets.require(id);
  for await (const inspection of chosen(things, inspections)) {
    try {
      if (typeof inspection === 'string') throw new FelfriError('NOT_FOUND', `there is no inspection ${inspection}`);
      counts[await addOne(things, id, inspection, change)]++;
    } catch (error) {
      if (!(error instanceof FelfriError) || error.code === 'DISK_FULL') throw error;
      const { code, message } = error;
      refused.push({ inspection: typeof inspection === 'string' ? inspection : inspection.id, code, message });
    }
  }
  return { dataSet: things.dataSets.require(id).facts, ...counts, refused };
}
