/** Inspections: made, found, looked at, and judged by a person. */
import { FelfriError } from '../../../core/errors.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { answerInspection } from '../inspecting.ts';
import type { Intake } from '../intake.ts';
import type { HandlersOf } from '../mount.ts';
import { goneSignal, KEPT, type KeptImage, LONGEST_MAP, pictureAnswer } from './pictures.ts';

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

  const storedImage = async (id: string): Promise<KeptImage> => {
    const { imageStored, imageHash } = await station.requireInspection(id);
    const recent = recentPictures.image(id);
    if (!recent && !imageStored) throw noPicture(id);
    const read = async (): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = recent ?? (await pictures.image(imageHash));
      if (!bytes) throw noPicture(id);
      return bytes;
    };
    return { hash: imageHash, read };
  };

  return {
    inspect: ({ request, reply }) => answerInspection(station, request, reply, intake),
    findInspections: ({ query }) => records.partRecords(query),
    getInspection: ({ params }) => station.requireRecord(params.id),
    getInspectionImage: async ({ params, query, reply }) =>
      pictureAnswer(station, reply, await storedImage(params.id), query.longest),
    getInspectionMap: async ({ params: { id }, query, reply }) => {
      const { read } = await storedImage(id);
      const longest = Math.min(query.longest ?? LONGEST_MAP, LONGEST_MAP);
      const drawn = await station.views.get(`map ${id} ${longest}`, goneSignal(reply), async () => {
        const map = (await recentPictures.map(id)) ?? (await pictures.map(id));
        if (!map) throw noPicture(id);
        return station.queue.draw({ bytes: await read(), map, longest, maxPixels });
      });
      reply.header('cache-control', KEPT);
      return drawn;
    },
    giveFeedback: ({ request, params, body }) => station.giveFeedback(params.id, body.verdict, changeOf(request, body)),
    withdrawFeedback: ({ request, params, query }) => station.withdrawFeedback(params.id, changeOf(request, query)),
    getReviewQueue: ({ query }) => records.reviewQueue(query.limit ?? 50),
  };
}
