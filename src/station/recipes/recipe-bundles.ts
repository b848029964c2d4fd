/** The bundles of recipes as folders of the station's own: copied in under legal names alone, checked before they count. */
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formerHash, readManifestFile } from '../../bundle/content.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { optionalFiles } from '../../bundle/signature/covered-files.ts';
import { signatureFile } from '../../bundle/signature/envelope.ts';
import { FelfriError } from '../../core/errors.ts';
import { syncFolder, syncTree } from '../../core/files.ts';
import { type Static, Type, Value } from '../../core/schema.ts';
import { type Recipe, RecipeFigures } from '../contract/recipes.ts';
import { unfinishedIn } from '../folder/unfinished.ts';
import { newId } from '../ids.ts';
import type { CheckedBundle, RecordedBundle } from '../inspecting/messages.ts';
import type { NewRecipe } from '../records/new-records.ts';
import { withoutPath } from './refusal.ts';

/** The files that a bundle may consist of, by their path within it. */
const legalFile =
  /^(bundle\.json|model\.onnx|golden\/[0-9]{1,3}\.(png|npy)|golden\/outputs\.safetensors|run\/(test|calibration)-scores\.json|signature\.json|MODEL_CARD\.md)$/;

/** Throws REQUEST_INVALID for a path that no bundle has. */
export function requireLegalFile(name: string): void {
  if (legalFile.test(name)) return;
  throw new FelfriError(
    'REQUEST_INVALID',
    `got the file ${JSON.stringify(name.slice(0, 100))}; legal are bundle.json, model.onnx, golden/N.png, golden/N.npy, golden/outputs.safetensors, run/test-scores.json, run/calibration-scores.json, signature.json, MODEL_CARD.md`,
    { subject: 'file' },
  );
}

/** What of a bundle's evaluation a recipe shows. */
const Evaluation = Type.Object({
  good: RecipeFigures.properties.good,
  defective: RecipeFigures.properties.defective,
  threshold: RecipeFigures.properties.threshold,
  auroc: Type.Object({ value: Type.Number(), interval: RecipeFigures.properties.aurocInterval }),
  recall: RecipeFigures.properties.recall,
  falseAlarmRate: RecipeFigures.properties.falseAlarmRate,
});

/** The figures of a bundle's evaluation; null where there is none that could be read. */
export function figuresOf(evaluation: unknown): Omit<RecipeFigures, 'recomputed'> | null {
  if (!Value.Check(Evaluation, evaluation)) return null;
  const { auroc, good, defective, threshold, recall, falseAlarmRate }: Static<typeof Evaluation> = evaluation;
  return {
    good,
    defective,
    threshold,
    auroc: auroc.value,
    aurocInterval: auroc.interval,
    recall,
    falseAlarmRate,
  };
}

/** The sizes of pictures that a recipe judges; null: any. */
function sizesOf({ pictureSizes }: BundleManifest): NewRecipe['sizes'] {
  if (pictureSizes?.policy !== 'review') return null;
  const { height, width, proportion } = pictureSizes;
  return { height, width, proportion };
}

/** What is missing of good pictures at most; null: pictures are judged whatever is. */
function frameOf({ frameFaults, blankPictures }: BundleManifest): NewRecipe['frame'] {
  if (!frameFaults || blankPictures?.policy === 'judge') return null;
  const { flat, repeated } = frameFaults;
  return { flat, repeated };
}

/** Whether they are within the model or over its map is the bundle's business. */
function regionsOf({ regions }: BundleManifest): NewRecipe['regions'] {
  if (!regions) return null;
  const { within: _, ...own } = regions;
  return own;
}

/** A recipe as the bundle's manifest begins it. */
export function recipeOfBundle(
  id: string,
  name: string,
  { manifest, hash, recomputed }: CheckedBundle,
  { at, signedBy = null }: { readonly at: Date; readonly signedBy?: Recipe['signedBy'] },
): NewRecipe {
  const figures = figuresOf(manifest.evaluation);
  const { detector, threshold, data, mapRange, mapUnit = null } = manifest;
  return {
    id,
    name,
    bundleHash: hash,
    detector,
    threshold: threshold?.value ?? null,
    review: threshold?.review?.value ?? null,
    rule: threshold?.rule ?? null,
    createdAt: at.toISOString(),
    signedBy,
    figures: figures && { ...figures, recomputed },
    data: { name: data.name, split: data.split, protocol: data.protocol },
    mapRange,
    mapUnit,
    regions: regionsOf(manifest),
    judgesBlank: manifest.blankPictures?.policy === 'judge',
    sizes: sizesOf(manifest),
    frame: frameOf(manifest),
    combination: detector === 'fusion' ? (manifest.settings['combination'] === 'sum' ? 'sum' : 'larger') : null,
  };
}

export class RecipeBundles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the bundle of a recipe lies. */
  directory(recipe: string): string {
    return join(this.#folder, 'recipes', recipe);
  }

  /** The bundle of a recipe as it is on record. */
  recorded({ id, bundleHash }: Pick<Recipe, 'id' | 'bundleHash'>): RecordedBundle {
    return { directory: this.directory(id), hash: bundleHash };
  }

  /** What the bundle of a recipe says of itself. Throws BUNDLE_INVALID, also where it is another than the one on record. */
  async manifestOf(recipe: Pick<Recipe, 'id' | 'bundleHash'>): Promise<BundleManifest> {
    const { directory, hash: expected } = this.recorded(recipe);
    const { manifest, hash } = await readManifestFile(directory);
    if (hash === expected || formerHash(manifest) === expected) return manifest;
    throw new FelfriError('BUNDLE_INVALID', 'the bundle is another than the one on record; put back the former files');
  }

  /**
   * Throws CONFLICT where the hash on record leaves bundle.json out, as an early felfri took it: regions and picture sizes could be changed under
   * a signature. Throws BUNDLE_INVALID as `manifestOf`.
   */
  async requireWholeHash(recipe: Pick<Recipe, 'id' | 'name' | 'bundleHash'>): Promise<void> {
    const manifest = await this.manifestOf(recipe).catch((error: unknown) => {
      throw withoutPath(error, this.directory(recipe.id));
    });
    if (formerHash(manifest) !== recipe.bundleHash) return;
    throw new FelfriError(
      'CONFLICT',
      `the hash of ${JSON.stringify(recipe.name)} is of an early felfri and does not cover its bundle.json; upload the bundle again, and sign for that`,
      { subject: recipe.id },
    );
  }

  /** An empty folder to receive a bundle in. */
  async receive(): Promise<string> {
    const path = join(unfinishedIn(this.#folder), newId());
    await mkdir(path, { recursive: true });
    return path;
  }

  /** A folder to receive in, with what a bundle elsewhere consists of. Throws BUNDLE_INVALID. */
  async copyOf(bundle: string, manifest: BundleManifest): Promise<string> {
    const target = await this.receive();
    for (const name of ['bundle.json', ...Object.keys(manifest.files)]) {
      requireLegalFile(name);
      await mkdir(dirname(join(target, name)), { recursive: true });
      await copyFile(join(bundle, name), join(target, name));
    }
    for (const name of [...optionalFiles, signatureFile]) {
      await mkdir(dirname(join(target, name)), { recursive: true });
      // figures and signatures are welcome, and not needed
      await copyFile(join(bundle, name), join(target, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    return target;
  }

  /** Makes a received and checked folder the bundle of a recipe. When it is resolved, the bundle outlives a power cut. */
  async keep(received: string, recipe: string): Promise<void> {
    const recipes = join(this.#folder, 'recipes');
    await mkdir(recipes, { recursive: true });
    await syncTree(received);
    await rename(received, this.directory(recipe));
    for (const folder of [recipes, this.#folder]) await syncFolder(folder);
  }

  async discard(received: string): Promise<void> {
    await rm(received, { recursive: true, force: true });
  }
}
