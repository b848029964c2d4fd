/** Inspections: made, found, looked at, and judged by a person. */
import { FelfriError } from '../../../core/errors.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { answerInspection } from '../inspecting.ts';
import type { Intake } from '../intake.ts';
import type { HandlersOf } from '../mount.ts';
import { KEPT, pictureAnswer } from './pictures.ts';

function noPicture(id: string): FelfriError {
  return new FelfriError(
    'NOT_FOUND',
    `the image of inspection ${id} was not kept; the station's --store says which are`,
    { subject: id },
  );
}

export function inspectionHandlers(station: Station, intake: Intake): HandlersOf<'inspections'> {
  const { records, pictures, recentPictures } = station;
  const { maxPixels } = station.settings;

  const storedImage = async (id: string): Promise<Uint8Array<ArrayBuffer>> => {
    const { imageStored, imageHash } = await station.requireInspection(id);
    const bytes = recentPictures.image(id) ?? (imageStored ? await pictures.image(imageHash) : undefined);
    if (!bytes) throw noPicture(id);
    return bytes;
  };

  return {
    inspect: ({ request, reply }) => answerInspection(station, request, reply, intake),
    findInspections: ({ query }) => records.partRecords(query),
    getInspection: ({ params }) => station.requireRecord(params.id),
    getInspectionImage: async ({ params, query, reply }) =>
      pictureAnswer(reply, await storedImage(params.id), query.longest, maxPixels),
    getInspectionMap: async ({ params: { id }, query, reply }) => {
      const bytes = await storedImage(id);
      const map = (await recentPictures.map(id)) ?? (await pictures.map(id));
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
