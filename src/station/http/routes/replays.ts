/** Two recipes on the same kept images. */
import type { FastifyInstance } from 'fastify';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import { PictureQuery } from '../../contract/inspections.ts';
import { MapParams, NewReplay, Replay, ReplayList } from '../../contract/replays.ts';
import type { Station } from '../../station.ts';

export function addReplayRoutes(app: FastifyInstance, { replays }: Station): void {
  app.post<{ Body: NewReplay }>(
    '/api/replays',
    {
      schema: {
        summary: 'See what another recipe would have decided on kept images',
        body: NewReplay,
        response: { 202: Replay, 400: ErrorBody, 404: ErrorBody, 409: ErrorBody },
      },
    },
    async (request, reply) => reply.code(202).send(await replays.start(request.body)),
  );

  app.get(
    '/api/replays',
    { schema: { summary: 'Replays that are kept, newest first', response: { 200: ReplayList } } },
    async () => replays.list(),
  );

  app.get<{ Params: IdParams }>(
    '/api/replays/:id',
    { schema: { summary: 'How far it is, and what it found', params: IdParams, response: { 200: Replay } } },
    async (request) => replays.find(request.params.id),
  );

  app.post<{ Params: IdParams }>(
    '/api/replays/:id/cancel',
    { schema: { summary: 'Stop it; what it found stays', params: IdParams, response: { 200: Replay } } },
    async (request) => replays.cancel(request.params.id),
  );

  app.get<{ Params: MapParams; Querystring: PictureQuery }>(
    '/api/inspections/:id/maps/:recipe',
    { schema: { summary: 'Its image with the map by any recipe', params: MapParams, querystring: PictureQuery } },
    async (request, reply) => {
      const { id, recipe } = request.params;
      const drawn = await replays.map(id, recipe, request.query.longest ?? null);
      return reply.header('cache-control', 'private, max-age=86400').type('image/png').send(Buffer.from(drawn.buffer));
    },
  );
}
