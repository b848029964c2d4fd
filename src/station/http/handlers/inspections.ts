/** Inspections: made, found, looked at, and judged by a person. */
import { FelfriError } from '../../../core/errors.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';
import { readUpload } from '../upload.ts';
import { KEPT, pictureAnswer } from './pictures.ts';

function noPicture(id: string): FelfriError {
  return new FelfriError(
    'NOT_FOUND',
    `the image of inspection ${id} was not kept; the station's --store says which are`,
    { subject: id },
  );
}

export function inspectionHandlers(station: Station, imageBytes: number): HandlersOf<'inspections'> {
  const { records, pictures } = station;
  const { maxPixels } = station.settings;

  const storedImage = async (id: string): Promise<Buffer<ArrayBuffer>> => {
    const { imageStored, imageHash } = await station.requireInspection(id);
    const bytes = imageStored ? await pictures.image(imageHash) : undefined;
    if (!bytes) throw noPicture(id);
    return bytes;
  };

  return {
    inspect: async ({ request, reply }) => {
      const place = station.takePlace();
      try {
        const { bytes, fields } = await readUpload(request, imageBytes);
        const { inspection, added } = await station.inspect(bytes, fields);
        const { id, resultId, part, lot, recipe, revision, decision, score, millis } = inspection;
        request.log.info({ id, resultId, part, lot, recipe, revision, decision, score, millis, added }, 'inspected');
        if (!added) reply.code(200);
        return inspection;
      } finally {
        place.release();
      }
    },
    findInspections: ({ query }) => records.inspections(query),
    getInspection: ({ params }) => station.requireInspection(params.id),
    getInspectionImage: async ({ params, query, reply }) =>
      pictureAnswer(reply, await storedImage(params.id), query.longest, maxPixels),
    getInspectionMap: async ({ params: { id }, query, reply }) => {
      const bytes = await storedImage(id);
      const map = await pictures.map(id);
      if (!map) throw noPicture(id);
      const drawn = await station.queue.draw({ bytes, map, longest: query.longest ?? null, maxPixels });
      reply.header('cache-control', KEPT);
      return Buffer.from(drawn.buffer);
    },
    giveFeedback: ({ request, params, body }) => station.giveFeedback(params.id, body.verdict, changeOf(request, body)),
    withdrawFeedback: ({ request, params, query }) => station.withdrawFeedback(params.id, changeOf(request, query)),
    getReviewQueue: ({ query }) => records.reviewQueue(query.limit ?? 50),
  };
}
