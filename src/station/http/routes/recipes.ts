/** Recipes: uploaded, activated, changed, rolled back. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FelfriError } from '../../../core/errors.ts';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import {
  Activation,
  Recipe,
  RecipeDetail,
  RecipeList,
  RecipeUploadFields,
  Rollback,
  ThresholdChange,
} from '../../contract/recipes.ts';
import { requireLegalFile } from '../../recipe-bundles.ts';
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import { formParts } from '../form.ts';
import { requireFit } from '../validation.ts';

/** Of one file of a bundle. */
const FILE_BYTES = 512 * 1024 * 1024;

const limits = { fileSize: FILE_BYTES, files: 100, fields: 4, fieldSize: 1000, parts: 104 };

/** Writes the files of a form into a folder, each under the name that its field has. Throws REQUEST_INVALID or REQUEST_TOO_LARGE. */
async function receiveBundle(request: FastifyRequest, folder: string): Promise<RecipeUploadFields> {
  const fields = new Map<string, unknown>();
  const seen = new Set<string>();
  for await (const part of formParts(request, limits)) {
    const { name } = part;
    if (seen.has(name)) throw new FelfriError('REQUEST_INVALID', `got ${name} twice`, { subject: name });
    seen.add(name);
    if (part.kind === 'text') {
      fields.set(name, part.value);
      continue;
    }
    requireLegalFile(name);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(part.content, createWriteStream(path, { flags: 'wx' }));
    if (part.isCut()) {
      throw new FelfriError('REQUEST_TOO_LARGE', `${name} has more than ${FILE_BYTES} bytes`, { subject: name });
    }
  }
  return requireFit(RecipeUploadFields, Object.fromEntries(fields), 'field');
}

export function addRecipeRoutes(app: FastifyInstance, station: Station): void {
  const { records, bundles } = station;

  app.get(
    '/api/recipes',
    { schema: { summary: 'All recipes, newest first', response: { 200: RecipeList } } },
    async () => ({ recipes: await records.recipes() }),
  );

  app.get<{ Params: IdParams }>(
    '/api/recipes/:id',
    {
      schema: {
        summary: 'A recipe with its revisions',
        params: IdParams,
        response: { 200: RecipeDetail, 404: ErrorBody },
      },
    },
    async (request) => {
      const recipe = await station.requireRecipe(request.params.id);
      return { recipe, revisions: await records.revisions(recipe.id) };
    },
  );

  app.get<{ Params: IdParams }>(
    '/api/recipes/:id/model',
    { schema: { summary: 'Its detector (ONNX), for a browser to run', params: IdParams } },
    async (request, reply) => {
      const { id } = await station.requireRecipe(request.params.id);
      // a recipe's bundle never changes
      reply.header('cache-control', 'private, max-age=86400, immutable').type('application/octet-stream');
      return reply.send(createReadStream(join(bundles.directory(id), 'model.onnx')));
    },
  );

  app.post(
    '/api/recipes',
    {
      schema: {
        summary: 'Upload a bundle as a new recipe',
        description:
          "Multipart: the field name, then the bundle's files; the name of each file's field is its path in the bundle.",
        consumes: ['multipart/form-data'],
        response: { 201: Recipe, 400: ErrorBody, 413: ErrorBody, 422: ErrorBody },
      },
      config: { rateLimit: { max: 30, timeWindow: '1 minute' } },
    },
    async (request, reply) => {
      if (!request.isMultipart())
        throw new FelfriError(
          'REQUEST_INVALID',
          'a bundle is sent as multipart/form-data, a file for each of its files',
        );
      const received = await bundles.receive();
      try {
        const { name, by } = await receiveBundle(request, received);
        return await reply
          .code(201)
          .send(await station.addRecipe(received, name, changeOf(request, by === undefined ? {} : { by })));
      } finally {
        await bundles.discard(received);
      }
    },
  );

  app.patch<{ Params: IdParams; Body: ThresholdChange }>(
    '/api/recipes/:id',
    {
      schema: {
        summary: 'Set the thresholds',
        params: IdParams,
        body: ThresholdChange,
        response: { 200: Recipe, 400: ErrorBody, 404: ErrorBody, 409: ErrorBody },
      },
    },
    async (request) => station.setThresholds(request.params.id, request.body, changeOf(request, request.body)),
  );

  app.post<{ Params: IdParams; Body: Activation | undefined }>(
    '/api/recipes/:id/activate',
    {
      schema: {
        summary: 'Inspect by this recipe from now on',
        params: IdParams,
        body: Activation,
        response: { 200: Recipe, 404: ErrorBody, 422: ErrorBody },
      },
    },
    async (request) => station.activate(request.params.id, changeOf(request, request.body)),
  );

  app.post<{ Params: IdParams; Body: Rollback | undefined }>(
    '/api/recipes/:id/rollback',
    {
      schema: {
        summary: 'Take the thresholds of a former revision',
        params: IdParams,
        body: Rollback,
        response: { 200: Recipe, 404: ErrorBody, 409: ErrorBody },
      },
    },
    async (request) => station.rollBack(request.params.id, request.body?.to, changeOf(request, request.body)),
  );
}
