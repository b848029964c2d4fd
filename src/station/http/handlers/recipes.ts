/** Recipes: uploaded, activated, changed, rolled back, tuned. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../../core/errors.ts';
import { RecipeUploadFields } from '../../contract/recipes.ts';
import { requireLegalFile } from '../../recipe-bundles.ts';
import type { Station } from '../../station.ts';
import { recipeScores, tune } from '../../tuning.ts';
import { changeOf } from '../callers.ts';
import { formParts } from '../form.ts';
import type { HandlersOf } from '../mount.ts';
import { requireFit } from '../validation.ts';
import { KEPT } from './pictures.ts';

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

export function recipeHandlers(station: Station): HandlersOf<'recipes'> {
  const { records, bundles } = station;
  return {
    listRecipes: async () => ({ recipes: await records.recipes() }),
    uploadRecipe: async ({ request }) => {
      if (!request.isMultipart())
        throw new FelfriError(
          'REQUEST_INVALID',
          'a bundle is sent as multipart/form-data, a file for each of its files',
        );
      const received = await bundles.receive();
      try {
        const { name, by } = await receiveBundle(request, received);
        return await station.addRecipe(received, name, changeOf(request, { by }));
      } finally {
        await bundles.discard(received);
      }
    },
    getRecipe: async ({ params }) => {
      const recipe = await station.requireRecipe(params.id);
      return { recipe, revisions: await records.revisions(recipe.id) };
    },
    getRecipeModel: async ({ params, reply }) => {
      const recipe = await station.requireRecipe(params.id);
      const model = await station.queue.model(bundles.recorded(recipe));
      // a recipe's bundle never changes
      reply.header('cache-control', KEPT);
      return Buffer.from(model.buffer);
    },
    getRecipeScores: ({ params }) => recipeScores(station, params.id),
    tuneThresholds: ({ params, body }) => tune(station, params.id, body),
    setThresholds: ({ request, params, body }) => station.setThresholds(params.id, body, changeOf(request, body)),
    activateRecipe: ({ request, params, body }) => station.activate(params.id, changeOf(request, body)),
    rollBackRecipe: ({ request, params, body }) => station.rollBack(params.id, body.to, changeOf(request, body)),
  };
}
