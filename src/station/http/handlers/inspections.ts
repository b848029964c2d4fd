/** Inspections: made, found, looked at, and judged by a person. */
import { FelfriError } from '../../../core/errors.ts';
import type { Stamp } from '../../../inspect/stamp.ts';
import type { Inspection } from '../../contract/inspections.ts';
import type { JoinPart } from '../../inspections/inspections.ts';
import type { Line } from '../../line/line.ts';
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';
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

/** What a heat map is drawn and stamped by. */
const stampOf = ({ decision, score, threshold, review, reason }: Inspection): Stamp => ({
  decision,
  score,
  threshold,
  review,
  reason,
});

/** The image of an inspection, of the last ones or as it was stored; throws NOT_FOUND where it was not kept. */
async function storedImage({ inspections, pictures, recentPictures }: Station, id: string): Promise<KeptImage> {
  const { imageStored, imageHash } = await inspections.require(id);
  const recent = recentPictures.image(id);
  if (!recent && !imageStored) throw noPicture(id);
  const read = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = recent ?? (await pictures.image(imageHash));
    if (!bytes) throw noPicture(id);
    return bytes;
  };
  const size = async (): Promise<number> => recent?.length ?? pictures.imageSize(imageHash);
  return { hash: imageHash, size, read };
}

/** `line` is null where no file names any. */
export function inspectionHandlers(
  station: Station,
  intake: Intake,
  answers: Answers,
  line: Line | null,
): HandlersOf<'inspections'> {
  const join: JoinPart = async (sent, decide) => {
    if (line) return line.sentViews.add(sent, decide);
    throw new FelfriError('OPTION_INVALID', 'views need a line.json that says which make a part', { subject: 'view' });
  };
  const { inspections, records, recipes, pictures, recentPictures } = station;
  const { maxPixels } = station.settings;

  return {
    inspect: ({ request, reply }) => answerInspection(station, request, reply, intake, join),
    findInspections: ({ query }) => records.partRecords(query),
    getInspection: ({ params }) => inspections.requireRecord(params.id),
    getInspectionImage: async ({ params, query, request, reply }) =>
      pictureAnswer(station, { request, reply, answers }, await storedImage(station, params.id), query.longest),
    getInspectionMap: async ({ params: { id }, query, reply }) => {
      const { read } = await storedImage(station, id);
      const longest = Math.min(query.longest ?? LONGEST_MAP, LONGEST_MAP);
      const isStamped = query.stamped ?? false;
      const drawn = await station.views.get(`map ${id} ${longest} ${isStamped}`, goneSignal(reply), async () => {
        const map = (await recentPictures.map(id)) ?? (await pictures.map(id));
        if (!map) throw noPicture(id);
        const inspection = await inspections.require(id);
        const { regions } = await recipes.require(inspection.recipe);
        const stamp = stampOf(inspection);
        return station.queue.beside.draw({
          bytes: await read(),
          map,
          longest,
          maxPixels,
          stamp,
          isStamped,
          regions,
        });
      });
      reply.header('cache-control', KEPT);
      return drawn;
    },
    giveFeedback: ({ request, params, body }) =>
      inspections.giveFeedback(
        params.id,
        { verdict: body.verdict, className: body.className ?? null },
        changeOf(request, body),
      ),
    withdrawFeedback: ({ request, params, query }) => inspections.withdrawFeedback(params.id, changeOf(request, query)),
    getReviewQueue: ({ query }) => records.reviewQueue(query.limit ?? 50),
    getStatistics: ({ query }) => records.statistics(query),
  };
}
