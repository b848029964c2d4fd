/** Training runs: started, watched, stopped, resumed, made a recipe. */
import type { FastifyInstance } from 'fastify';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import { Recipe } from '../../contract/recipes.ts';
import {
  NewTraining,
  RecipeRequest,
  Training,
  TrainingCurve,
  TrainingList,
  TrainingRequest,
} from '../../contract/training.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { reportHeaders } from '../report-headers.ts';

export function addTrainingRoutes(app: FastifyInstance, station: Station): void {
  const { trainings } = station;
  const failures = { 404: ErrorBody, 409: ErrorBody };

  app.get(
    '/api/trainings',
    { schema: { summary: 'All training runs, newest first', response: { 200: TrainingList } } },
    async () => ({ trainings: trainings.list() }),
  );

  app.post<{ Body: NewTraining }>(
    '/api/trainings',
    {
      schema: {
        summary: 'Train a detector on the present version of a data set',
        body: NewTraining,
        response: { 201: Training, 400: ErrorBody, 404: ErrorBody },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await trainings.start(request.body, changeOf(request, request.body))),
  );

  app.get<{ Params: IdParams }>(
    '/api/trainings/:id',
    { schema: { summary: 'One training run', params: IdParams, response: { 200: Training, 404: ErrorBody } } },
    async ({ params }) => trainings.require(params.id),
  );

  app.get<{ Params: IdParams }>(
    '/api/trainings/:id/curve',
    { schema: { summary: 'Its loss and AUROC', params: IdParams, response: { 200: TrainingCurve, 404: ErrorBody } } },
    async ({ params }) => trainings.curve(params.id),
  );

  app.get<{ Params: IdParams }>(
    '/api/trainings/:id/report',
    { schema: { summary: 'Its report, as HTML', params: IdParams } },
    async ({ params }, reply) => reply.headers(reportHeaders).send(await trainings.report(params.id)),
  );

  app.post<{ Params: IdParams; Body: TrainingRequest | undefined }>(
    '/api/trainings/:id/cancel',
    {
      schema: {
        summary: 'Stop it; it saves what it has',
        params: IdParams,
        body: TrainingRequest,
        response: { 200: Training, ...failures },
      },
    },
    async (request) => trainings.cancel(request.params.id, changeOf(request, request.body)),
  );

  app.post<{ Params: IdParams; Body: TrainingRequest | undefined }>(
    '/api/trainings/:id/resume',
    {
      schema: {
        summary: 'Go on where it was stopped',
        params: IdParams,
        body: TrainingRequest,
        response: { 200: Training, ...failures },
      },
    },
    async (request) => trainings.resume(request.params.id, changeOf(request, request.body)),
  );

  app.post<{ Params: IdParams; Body: RecipeRequest }>(
    '/api/trainings/:id/recipe',
    {
      schema: {
        summary: 'Make a recipe of it, which judges nothing until it is activated',
        params: IdParams,
        body: RecipeRequest,
        response: { 201: Recipe, ...failures, 422: ErrorBody },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const bundle = trainings.finishedBundle(params.id);
      const received = await station.bundles.copyOf(bundle, await station.queue.check(bundle));
      const recipe = await station.addRecipe(received, body.name, changeOf(request, body));
      await trainings.setRecipe(params.id, recipe.id);
      return reply.code(201).send(recipe);
    },
  );
}
