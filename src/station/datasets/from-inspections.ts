/** Inspections as images of a data set: what a person said of them becomes their label. */
import { FelfriError } from '../../core/errors.ts';
import type { InspectionsAdded, Label } from '../contract/datasets.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Change } from '../records/records.ts';
import type { Station } from '../station.ts';

/** Inspections with feedback that are looked through at a time. */
const PAGE = 200;

/** The label that feedback means; undefined where there is none. */
function labelOfFeedback({ decision, feedback }: Pick<Inspection, 'decision' | 'feedback'>): Label | undefined {
  if (!feedback) return undefined;
  if (feedback.verdict === 'agree') return decision === 'OK' ? 'good' : 'defective';
  return feedback.verdict === 'missed' ? 'defective' : 'good';
}

async function* chosen(station: Station, ids: readonly string[] | undefined): AsyncGenerator<Inspection | string> {
  if (ids) {
    for (const id of ids) yield (await station.records.inspection(id)) ?? id;
    return;
  }
  let before: string | null = null;
  do {
    const page = await station.records.inspections({ feedback: 'any', limit: PAGE, ...(before && { before }) });
    yield* page.inspections;
    before = page.next;
  } while (before !== null);
}

async function addOne(
  station: Station,
  id: string,
  inspection: Inspection,
  change: Change,
): Promise<'added' | 'labelled' | 'known'> {
  const { dataSets, pictures } = station;
  const bytes = inspection.imageStored ? await pictures.image(inspection.imageHash) : undefined;
  if (!bytes) throw new FelfriError('NOT_FOUND', 'its image was not kept; the station’s --store says which are');
  const label = labelOfFeedback(inspection);
  const fields = {
    name: inspection.part ?? inspection.resultId,
    inspection: inspection.id,
    ...(label && { label }),
    ...(inspection.part !== null && { partGroup: inspection.part }),
  };
  const { added, image } = await dataSets.add(id, bytes, fields, change);
  if (added) return 'added';
  if (image!.label !== null || label === undefined) return 'known';
  await dataSets.label(id, image!.hash, { label }, change);
  return 'labelled';
}

/** Adds them one by one; one that cannot be added does not stop the others. Throws NOT_FOUND for the data set. */
export async function addInspections(
  station: Station,
  id: string,
  inspections: readonly string[] | undefined,
  change: Change,
): Promise<InspectionsAdded> {
  const counts = { added: 0, labelled: 0, known: 0 };
  const refused: InspectionsAdded['refused'] = [];
  station.dataSets.require(id);
  for await (const inspection of chosen(station, inspections)) {
    try {
      if (typeof inspection === 'string') throw new FelfriError('NOT_FOUND', `there is no inspection ${inspection}`);
      counts[await addOne(station, id, inspection, change)]++;
    } catch (error) {
      if (!(error instanceof FelfriError) || error.code === 'DISK_FULL') throw error;
      const { code, message } = error;
      refused.push({ inspection: typeof inspection === 'string' ? inspection : inspection.id, code, message });
    }
  }
  return { dataSet: station.dataSets.require(id).facts, ...counts, refused };
}
