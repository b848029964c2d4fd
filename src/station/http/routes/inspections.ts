/** Inspections: made, found, looked at, and judged by a person. */
import type { FastifyInstance } from 'fastify';
import { FelfriError } from '../../../core/errors.ts';
import { decodeImage } from '../../../data/image/decode.ts';
import { encodePreview } from '../../../data/image/encode.ts';
import { imageFormats } from '../../../data/image/formats.ts';
import { readImageHeader } from '../../../data/image/header.ts';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import {
  FeedbackRequest,
  FeedbackWithdrawal,
  Inspection,
  InspectionFields,
  InspectionPage,
  InspectionQuery,
  PictureQuery,
  ReviewQuery,
  ReviewQueue,
} from '../../contract/inspections.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { readUpload } from '../upload.ts';

/** A picture of an inspection never changes. */
const KEPT = 'private, max-age=86400, immutable';

function noPicture(id: string): FelfriError {
  return new FelfriError(
    'NOT_FOUND',
    `the image of inspection ${id} was not kept; the station's --store says which are`,
    { subject: id },
  );
}

export function addInspectionRoutes(app: FastifyInstance, station: Station, imageBytes: number): void {
  const { records, pictures } = station;
  const { maxPixels } = station.settings;

  const storedImage = async (id: string): Promise<Buffer<ArrayBuffer>> => {
    const { imageStored, imageHash } = await station.requireInspection(id);
    const bytes = imageStored ? await pictures.image(imageHash) : undefined;
    if (!bytes) throw noPicture(id);
    return bytes;
  };

  app.post(
    '/api/inspections',
    {
      schema: {
        summary: 'Inspect an image',
        description:
          'Multipart with the fields and one file called image, in any order; or the image as the body, fields in the query.',
        consumes: ['multipart/form-data', 'application/octet-stream', 'image/*'],
        querystring: InspectionFields,
        response: { 200: Inspection, 201: Inspection, 409: ErrorBody, 422: ErrorBody, 503: ErrorBody },
      },
    },
    async (request, reply) => {
      const place = station.takePlace();
      try {
        const { bytes, fields } = await readUpload(request, imageBytes);
        const { inspection, added } = await station.inspect(bytes, fields);
        const { id, resultId, part, lot, recipe, revision, decision, score, millis } = inspection;
        request.log.info({ id, resultId, part, lot, recipe, revision, decision, score, millis, added }, 'inspected');
        return await reply.code(added ? 201 : 200).send(inspection);
      } finally {
        place.release();
      }
    },
  );

  app.get<{ Querystring: InspectionQuery }>(
    '/api/inspections',
    {
      schema: { summary: 'Inspections, newest first', querystring: InspectionQuery, response: { 200: InspectionPage } },
    },
    async (request) => records.inspections(request.query),
  );

  app.get<{ Params: IdParams }>(
    '/api/inspections/:id',
    { schema: { summary: 'One inspection', params: IdParams, response: { 200: Inspection, 404: ErrorBody } } },
    async (request) => station.requireInspection(request.params.id),
  );

  app.get<{ Params: IdParams; Querystring: PictureQuery }>(
    '/api/inspections/:id/image',
    { schema: { summary: 'Its image', params: IdParams, querystring: PictureQuery } },
    async (request, reply) => {
      const bytes = await storedImage(request.params.id);
      const { longest } = request.query;
      reply.header('cache-control', KEPT);
      if (longest !== undefined) {
        const preview = await encodePreview(await decodeImage(bytes, 'the image', { maxPixels }), longest);
        return reply.type('image/webp').send(preview);
      }
      const { format } = await readImageHeader(bytes, 'the image', maxPixels);
      return reply.type(imageFormats[format].mediaType).send(bytes);
    },
  );

  app.get<{ Params: IdParams; Querystring: PictureQuery }>(
    '/api/inspections/:id/map',
    { schema: { summary: 'Its image with the score map over it', params: IdParams, querystring: PictureQuery } },
    async (request, reply) => {
      const { id } = request.params;
      const bytes = await storedImage(id);
      const map = await pictures.map(id);
      if (!map) throw noPicture(id);
      const longest = request.query.longest ?? null;
      const drawn = await station.queue.draw({ bytes, map, longest, maxPixels });
      return reply.header('cache-control', KEPT).type('image/png').send(Buffer.from(drawn.buffer));
    },
  );

  app.put<{ Params: IdParams; Body: FeedbackRequest }>(
    '/api/inspections/:id/feedback',
    {
      schema: {
        summary: 'What a person says of the decision',
        params: IdParams,
        body: FeedbackRequest,
        response: { 200: Inspection, 400: ErrorBody, 404: ErrorBody },
      },
    },
    async (request) => {
      const { params, body } = request;
      return station.giveFeedback(params.id, body.verdict, changeOf(request, body));
    },
  );

  app.delete<{ Params: IdParams; Querystring: FeedbackWithdrawal }>(
    '/api/inspections/:id/feedback',
    {
      schema: {
        summary: 'Take it back',
        params: IdParams,
        querystring: FeedbackWithdrawal,
        response: { 200: Inspection, 404: ErrorBody },
      },
    },
    async (request) => station.withdrawFeedback(request.params.id, changeOf(request, request.query)),
  );

  app.get<{ Querystring: ReviewQuery }>(
    '/api/review',
    {
      schema: {
        summary: 'REVIEW and NG that nobody has looked at, oldest first',
        querystring: ReviewQuery,
        response: { 200: ReviewQueue },
      },
    },
    async (request) => records.reviewQueue(request.query.limit ?? 50),
  );
}
