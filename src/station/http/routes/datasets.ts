/** Data sets: made, filled, labelled, looked at. */
import type { FastifyInstance } from 'fastify';
import { decodeImage } from '../../../data/image/decode.ts';
import { encodePreview } from '../../../data/image/encode.ts';
import { imageFormats } from '../../../data/image/formats.ts';
import { readImageHeader } from '../../../data/image/header.ts';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import {
  ByQuery,
  DataSet,
  DataSetDetail,
  DataSetList,
  ImageChange,
  ImageFields,
  ImageLabel,
  ImageParams,
  InspectionsAdded,
  InspectionsToAdd,
  NewDataSet,
} from '../../contract/datasets.ts';
import { PictureQuery } from '../../contract/inspections.ts';
import { addInspections } from '../../datasets/from-inspections.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { readUpload } from '../upload.ts';

/** An image is called by its hash and never changes. */
const KEPT = 'private, max-age=86400, immutable';

export function addDataSetRoutes(app: FastifyInstance, station: Station, imageBytes: number): void {
  const { dataSets } = station;
  const { maxPixels } = station.settings;
  const failures = { 400: ErrorBody, 404: ErrorBody };

  app.get(
    '/api/datasets',
    { schema: { summary: 'All data sets, by name', response: { 200: DataSetList } } },
    async () => ({ dataSets: dataSets.list() }),
  );

  app.post<{ Body: NewDataSet }>(
    '/api/datasets',
    { schema: { summary: 'Make an empty data set', body: NewDataSet, response: { 201: DataSet, 400: ErrorBody } } },
    async (request, reply) =>
      reply.code(201).send(await dataSets.create(request.body.name, changeOf(request, request.body))),
  );

  app.get<{ Params: IdParams }>(
    '/api/datasets/:id',
    {
      schema: {
        summary: 'A data set with its images',
        params: IdParams,
        response: { 200: DataSetDetail, 404: ErrorBody },
      },
    },
    async ({ params }) => dataSets.detail(params.id),
  );

  app.post<{ Params: IdParams }>(
    '/api/datasets/:id/images',
    {
      schema: {
        summary: 'Add an image',
        description:
          'Multipart with the fields and one file called image, in any order; or the image as the body, fields in the query.',
        consumes: ['multipart/form-data', 'application/octet-stream', 'image/*'],
        params: IdParams,
        querystring: ImageFields,
        response: { 200: ImageChange, 201: ImageChange, ...failures, 415: ErrorBody, 422: ErrorBody, 503: ErrorBody },
      },
    },
    async (request, reply) => {
      dataSets.require(request.params.id);
      const { bytes, fields } = await readUpload<ImageFields>(request, imageBytes, ImageFields);
      const { by, ...said } = fields;
      const { added, ...answer } = await dataSets.add(request.params.id, bytes, said, changeOf(request, { by }));
      return reply.code(added ? 201 : 200).send(answer);
    },
  );

  app.post<{ Params: IdParams; Body: InspectionsToAdd }>(
    '/api/datasets/:id/inspections',
    {
      schema: {
        summary: 'Add the images of inspections, labelled by what a person said of them',
        params: IdParams,
        body: InspectionsToAdd,
        response: { 200: InspectionsAdded, ...failures },
      },
    },
    async (request) =>
      addInspections(station, request.params.id, request.body.inspections, changeOf(request, request.body)),
  );

  app.patch<{ Params: ImageParams; Body: ImageLabel }>(
    '/api/datasets/:id/images/:hash',
    {
      schema: {
        summary: 'Label an image',
        params: ImageParams,
        body: ImageLabel,
        response: { 200: ImageChange, ...failures },
      },
    },
    async (request) => {
      const { id, hash } = request.params;
      const { by, ...said } = request.body;
      return dataSets.label(id, hash, said, changeOf(request, { by }));
    },
  );

  app.delete<{ Params: ImageParams; Querystring: ByQuery }>(
    '/api/datasets/:id/images/:hash',
    {
      schema: {
        summary: 'Take an image out',
        params: ImageParams,
        querystring: ByQuery,
        response: { 200: ImageChange, ...failures },
      },
    },
    async (request) => dataSets.remove(request.params.id, request.params.hash, changeOf(request, request.query)),
  );

  app.get<{ Params: ImageParams; Querystring: PictureQuery }>(
    '/api/datasets/:id/images/:hash/file',
    { schema: { summary: 'An image', params: ImageParams, querystring: PictureQuery } },
    async ({ params, query }, reply) => {
      const bytes = await dataSets.imageBytes(params.id, params.hash);
      reply.header('cache-control', KEPT);
      if (query.longest !== undefined) {
        const preview = await encodePreview(await decodeImage(bytes, 'the image', { maxPixels }), query.longest);
        return reply.type('image/webp').send(preview);
      }
      const { format } = await readImageHeader(bytes, 'the image', maxPixels);
      return reply.type(imageFormats[format].mediaType).send(bytes);
    },
  );

  app.get<{ Params: ImageParams }>(
    '/api/datasets/:id/images/:hash/mask',
    { schema: { summary: 'Its mask', params: ImageParams } },
    async ({ params }, reply) => reply.type('image/png').send(await dataSets.maskBytes(params.id, params.hash)),
  );

  app.put<{ Params: ImageParams; Querystring: ByQuery }>(
    '/api/datasets/:id/images/:hash/mask',
    {
      schema: {
        summary: 'Draw its mask',
        consumes: ['image/png'],
        params: ImageParams,
        querystring: ByQuery,
        response: { 200: ImageChange, ...failures, 415: ErrorBody, 422: ErrorBody },
      },
    },
    async (request) => {
      const { bytes, fields } = await readUpload<ByQuery>(request, imageBytes, ByQuery);
      return dataSets.setMask(request.params.id, request.params.hash, bytes, changeOf(request, fields));
    },
  );
}
