/** Masks that a manifest names by their annotation file, as `felfri data groups` writes them for annotated photographs. */
import { access } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { GoodClasses } from '../layouts/good-classes.ts';
import type { LayoutResult } from '../layouts/layout.ts';
import type { Problem } from '../listing.ts';
import { withAnnotations } from './label.ts';
import { annotatedFolder, readAnnotations } from './read.ts';

const isAnnotationFile = (path: string): boolean => /\.(json|xml|csv|txt)$/i.test(path);

/** Lists of class names, which lie beside annotations and are named by no manifest. */
const classLists = ['data.yaml', 'data.yml', 'classes.txt', 'obj.names'];

/** Whether a file lies there. */
const lies = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Puts shapes where masks are annotation files. A defective image of which the file says nothing keeps no mask, and that is a problem. */
export async function withManifestMasks(root: string, result: LayoutResult, good: GoodClasses): Promise<LayoutResult> {
  const drawn = result.images.filter(({ mask }) => mask !== undefined && isAnnotationFile(mask));
  if (drawn.length === 0) return result;
  const files = new Set(drawn.map(({ mask }) => relative(root, mask!).split(sep).join('/')));
  for (const list of classLists) if (await lies(join(root, list))) files.add(list);
  const names = new Set(drawn.map(({ name }) => name));
  const bare = result.images.map(({ mask, ...image }) =>
    mask === undefined || names.has(image.name) ? image : { ...image, mask },
  );
  const found = await readAnnotations(
    annotatedFolder(
      root,
      result.images.map(({ name }) => name),
      [...files],
    ),
  );
  if (found === undefined) return { ...result, images: bare, problems: [...result.problems, ...drawn.map(unsaid)] };
  const named = withAnnotations({ ...result, images: bare }, found, good);
  const known = new Set(named.problems.map(({ name }) => name));
  const lost = named.images.filter(({ name, mask }) => mask === undefined && names.has(name) && !known.has(name));
  return { ...named, problems: [...named.problems, ...lost.map(unsaid)] };
}

function unsaid({ name, label }: { readonly name: string; readonly label: string }): Problem {
  const message = `${name}: the annotation file that the manifest names as its mask marks nothing of it; correct the manifest`;
  return { name, code: 'ANNOTATION_INVALID', message, ...(label === 'defective' && { pixelsOnly: true }) };
}
