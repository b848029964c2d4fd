/** Recipes: uploaded, activated, changed, rolled back, tuned. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { modelCard } from '../../../bundle/card/card.ts';
import { cardPage } from '../../../bundle/card/render.ts';
import { mostBytes } from '../../../bundle/content.ts';
import { FelfriError } from '../../../core/errors.ts';
import { RecipeUploadFields } from '../../contract/recipes.ts';
import { Received } from '../../folder/disk-room.ts';
import { recipeLife } from '../../life/life.ts';
import { lifePage } from '../../life/page.ts';
import { requireLegalFile } from '../../recipes/recipe-bundles.ts';
import { recipeScores, tune } from '../../recipes/tuning.ts';
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';
import { changeOf } from '../callers.ts';
import { formParts } from '../form.ts';
import type { HandlersOf } from '../mount.ts';
import { reportHeaders } from '../report-headers.ts';
import type { Signers } from '../signers.ts';
import { requireFit } from '../validation.ts';
import { KEPT } from './pictures.ts';

/** The largest file of a bundle is its model; what is too large of the others shows once it is checked. */
const FILE_BYTES = mostBytes.model;

/** Of all files together: beside a model its golden images, scores and manifest. */
const ALL_BYTES = FILE_BYTES + 2 * mostBytes.golden;

const limits = { fileSize: FILE_BYTES, files: 100, fields: 4, fieldSize: 1000, parts: 104 };

/** Writes the files of a form into a folder, each under the name that its field has. Throws REQUEST_INVALID or REQUEST_TOO_LARGE. */
async function receiveBundle(request: FastifyRequest, folder: string): Promise<RecipeUploadFields> {
  const fields = new Map<string, unknown>();
  const seen = new Set<string>();
  const received = new Received(folder, ALL_BYTES);
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
    const { content } = part;
    await pipeline(content, (chunks) => received.pass(chunks), createWriteStream(path, { flags: 'wx' }));
    if (part.isCut()) {
      throw new FelfriError('REQUEST_TOO_LARGE', `${name} has more than ${FILE_BYTES} bytes`, { subject: name });
    }
  }
  return requireFit(RecipeUploadFields, Object.fromEntries(fields), 'field');
}

export function recipeHandlers(station: Station, signers: Signers, answers: Answers): HandlersOf<'recipes'> {
  const { records, recipes, products } = station;
  const { bundles } = recipes;
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
        return await recipes.add(received, name, changeOf(request, { by }));
      } finally {
        await bundles.discard(received);
      }
    },
    getRecipe: async ({ params }) => {
      const recipe = await recipes.require(params.id);
      return { recipe, revisions: await records.revisions(recipe.id) };
    },
    getRecipeCard: async ({ params, reply }) => {
      const manifest = await bundles.manifestOf(await recipes.require(params.id));
      reply.headers(reportHeaders);
      return cardPage(modelCard(manifest));
    },
    getRecipeModel: async ({ params, reply }) => {
      const recipe = await recipes.requireTrusted(params.id);
      // a large one is not held in memory for who reads slowly
      answers.takeFile(reply);
      const path = await station.queue.beside.model(bundles.recorded(recipe));
      const { size } = await stat(path);
      // a recipe's bundle never changes
      reply.headers({ 'cache-control': KEPT, 'content-length': size });
      return createReadStream(path);
    },
    getRecipeScores: ({ params }) => recipeScores(station, params.id),
    tuneThresholds: ({ params, body }) => tune(station, params.id, body),
    setThresholds: ({ request, params, body }) => recipes.setThresholds(params.id, body, changeOf(request, body)),
    activateRecipe: ({ request, params, body }) => recipes.activate(params.id, changeOf(request, body)),
    listReleases: () => recipes.releases.list(),
    signRelease: async ({ request, params: { id: recipe }, body: { password, ...said } }) => {
      await recipes.require(recipe);
      const by = await signers.require(request, password, recipe);
      await recipes.sign({ recipe, by, ...said }, { by, at: new Date() });
      return (await recipes.releases.list()).releases.find((one) => one.recipe === recipe)!;
    },
    getRecipeLife: ({ params }) => recipeLife(station, params.id),
    getRecipeLifeReport: async ({ params, reply }) => {
      const life = await recipeLife(station, params.id);
      reply.headers(reportHeaders);
      return lifePage(life);
    },
    listProducts: async () => ({ products: [...(await products.settle())] }),
    setProduct: async ({ request, body }) => ({ products: [...(await products.set(body, changeOf(request, body)))] }),
    rollBackRecipe: ({ request, params, body }) => recipes.rollBack(params.id, body.to, changeOf(request, body)),
  };
}
