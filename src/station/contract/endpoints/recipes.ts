/** Recipes: uploaded, activated, changed, rolled back, set for products, and what thresholds would mean. */
import { RecipeLife } from '../life.ts';
import { ProductChange, ProductList } from '../products.ts';
import {
  Activation,
  Recipe,
  RecipeDetail,
  RecipeList,
  RecipeUploadFields,
  Rollback,
  ThresholdChange,
} from '../recipes.ts';
import { RecipeRelease, ReleaseList, SignRequest } from '../releases.ts';
import { RecipeScores, TuneRequest, Tuning } from '../tuning.ts';
import type { Rows } from './endpoint.ts';

export const recipeRows = {
  listRecipes: { least: 'operator', summary: 'All recipes, newest first', answer: RecipeList },
  uploadRecipe: {
    least: 'engineer',
    summary: 'Upload a bundle as a new recipe',
    description:
      "Multipart: the field name, then the bundle's files; the name of each file's field is its path in the bundle: bundle.json, model.onnx, golden/0.png, golden/outputs.safetensors, run/test-scores.json, run/calibration-scores.json, signature.json, MODEL_CARD.md. The bundle is opened and its golden images are replayed before it is accepted.",
    upload: { file: 'bundle', fields: RecipeUploadFields, types: [] },
    answer: Recipe,
    status: 201,
    refuses: ['CONFLICT', 'BUNDLE_INVALID', 'BUNDLE_UNTRUSTED', 'BUNDLE_GOLDEN', 'MODEL_INVALID'],
    perMinute: 30,
  },
  getRecipe: { least: 'operator', summary: 'A recipe with its revisions, newest first', answer: RecipeDetail },
  getRecipeCard: {
    least: 'operator',
    summary: 'Its model card, as HTML: data, figures with intervals, limits, what it is for',
    description:
      'Made of bundle.json, never of text that came beside it. A sandboxed page: link to it in a window of its own, do not frame it.',
    content: ['text/html'],
    refuses: ['BUNDLE_INVALID'],
  },
  getRecipeModel: {
    least: 'operator',
    summary: 'Its detector (ONNX), for a browser to run',
    content: ['application/octet-stream'],
    refuses: ['BUNDLE_UNTRUSTED'],
  },
  getRecipeScores: { least: 'operator', summary: 'Labelled scores of a recipe', answer: RecipeScores },
  tuneThresholds: {
    least: 'engineer',
    summary: 'What two thresholds would make of them; changes nothing',
    body: TuneRequest,
    answer: Tuning,
    refuses: ['CONFLICT'],
  },
  setThresholds: {
    least: 'engineer',
    summary: 'Set the thresholds',
    description: 'Refused where a revision is given that is not the present one.',
    body: ThresholdChange,
    answer: Recipe,
    refuses: ['CONFLICT'],
  },
  activateRecipe: {
    least: 'engineer',
    summary: 'Inspect by this recipe from now on',
    body: Activation,
    answer: Recipe,
    refuses: ['RECIPE_UNRELEASED', 'BUNDLE_INVALID', 'BUNDLE_UNTRUSTED', 'BUNDLE_GOLDEN'],
  },
  rollBackRecipe: {
    least: 'engineer',
    summary: 'Take the thresholds of a former revision, as a new one',
    body: Rollback,
    answer: Recipe,
    refuses: ['CONFLICT'],
  },
  listReleases: {
    least: 'operator',
    summary: 'Of every recipe whether it is released, who signed, and for what',
    answer: ReleaseList,
  },
  signRelease: {
    least: 'engineer',
    summary: 'Sign for a recipe as it is: propose or release it',
    description:
      'Asks for the session of a user, and for the password once more: tokens sign nothing. What is released judges from then on.',
    body: SignRequest,
    answer: RecipeRelease,
    refuses: ['SIGNATURE_REFUSED', 'CONFLICT', 'TOO_BUSY', 'BUNDLE_INVALID', 'BUNDLE_UNTRUSTED', 'BUNDLE_GOLDEN'],
    perMinute: 10,
  },
  getRecipeLife: {
    least: 'engineer',
    summary: 'The whole life of a recipe: where it came from, changes, releases, activations, what it decided',
    answer: RecipeLife,
  },
  getRecipeLifeReport: {
    least: 'engineer',
    summary: 'The same as a page to print',
    description: 'A sandboxed page: link to it in a window of its own, do not frame it.',
    content: ['text/html'],
  },
  listProducts: {
    least: 'operator',
    summary: 'Which recipe judges the parts of which product code',
    description: 'While there is one, an image that names neither a product code nor a recipe is not inspected.',
    answer: ProductList,
  },
  setProduct: {
    least: 'engineer',
    summary: 'Set the recipe of a product code, or take the code away',
    description: 'Its bundle is opened first; images of the code are judged by the former recipe until then.',
    body: ProductChange,
    answer: ProductList,
    refuses: ['NOT_FOUND', 'BUNDLE_INVALID', 'BUNDLE_UNTRUSTED', 'BUNDLE_GOLDEN'],
  },
} as const satisfies Rows<'recipes'>;
