/** What a station under load judges by, and the images that it is sent. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSimulatedRecipe } from '../scripts/simulated-recipe.ts';
import type { Images } from './pressure-tasks.ts';
import { felfri } from './served-station.ts';

/** Images in turn. */
const MOST = 40;

interface Given {
  readonly bundle?: string | undefined;
  readonly images?: string | undefined;
}

/** The given ones, or, where none are, a flow of so many pixels that is trained on simulated parts in `folder`, and those parts. */
export async function imagesAndRecipe(
  { bundle, images: given }: Given,
  folder: string,
  size?: number,
): Promise<{ bundle: string; images: Images }> {
  if ((bundle === undefined) !== (given === undefined))
    throw new Error('give --bundle DIR and --images DIR, or neither');
  if (bundle !== undefined && given !== undefined) return { bundle, images: await imagesIn(given) };
  const [parts, made] = [join(folder, 'parts'), join(folder, 'bundle')];
  await makeSimulatedRecipe(felfri, parts, made, size);
  return { bundle: made, images: await imagesIn(join(parts, 'images')) };
}

async function imagesIn(folder: string): Promise<Images> {
  const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g)$/i.test(name)).sort();
  if (names.length === 0) throw new Error(`${folder} holds no PNG or JPEG`);
  return Promise.all(names.slice(0, MOST).map(async (name) => new Uint8Array(await readFile(join(folder, name)))));
}
