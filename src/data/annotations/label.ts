/**
 * What annotations say of images, as labels: shapes make an image defective, and none make it good where somebody has looked.
 * What nobody has looked at is never good.
 */

import type { GoodClasses } from '../layouts/good-classes.ts';
import type { LabelledImage, LayoutResult } from '../layouts/layout.ts';
import { isDefectiveName, isGoodName, saysDefective } from '../layouts/words.ts';
import type { Problem } from '../listing.ts';
import type { PartImage } from '../part-image.ts';
import type { Shape } from './drawing.ts';
import { type AnnotationFormatName, annotationFormats } from './formats/table.ts';
import type { FoundAnnotations } from './read.ts';
import type { AnnotatedImage } from './reading.ts';

/** Labels of shapes that are about something else than a defect. A void is one: in castings and solder it is the defect. */
const otherLabels = new Set(['background', '_background_', '__ignore__']);

/** Whether shapes of a label are none of defects, whatever the user calls good. */
export const saysNoDefect = (label: string): boolean =>
  otherLabels.has(label.trim().toLowerCase()) || isGoodName(label);

interface Verdict {
  readonly label: 'good' | 'defective';
  readonly className: string;
  /** The shapes of defects. */
  readonly shapes: readonly Shape[];
}

/** The label that most shapes have, the first of several. */
function commonest(shapes: readonly Shape[]): string {
  const counts = new Map<string, number>();
  for (const { label, erases } of shapes) if (!erases) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** What an image is, or why nobody can say; undefined where nobody has looked at it yet. */
function verdictOf({ drawing, words, unseen }: AnnotatedImage, good: GoodClasses): Verdict | string | undefined {
  const isGood = (label: string): boolean => good.isGood(label);
  const shapes = drawing.shapes.filter(
    ({ label, erases }) => erases || !(isGood(label) || otherLabels.has(label.toLowerCase())),
  );
  if (shapes.some(({ erases }) => !erases)) {
    if (words.some(isGood)) return 'it has shapes of defects, and is called good as a whole; correct one of the two';
    return { label: 'defective', className: commonest(shapes), shapes };
  }
  const unknown = words.filter((word) => !isGood(word) && !isDefectiveName(word));
  const defective = words.find(isDefectiveName);
  const against = words.find((word) => !isGood(word) && saysDefective(word));
  if (against !== undefined && words.some(isGood)) return `it is called good and ${against}; correct one of the two`;
  if (defective !== undefined) return { label: 'defective', className: defective, shapes: [] };
  if (words.some(isGood)) return { label: 'good', className: 'good', shapes: [] };
  if (unseen === 'skipped') return 'whoever was to annotate it skipped it; annotate it, or take it away';
  if (unknown.length > 0) {
    return `it has no shapes and is called '${unknown[0]}', which may mean good or defective; name it among --good-classes, or mark its defect`;
  }
  return unseen ? undefined : { label: 'good', className: 'good', shapes: [] };
}

const problem = (name: string, message: string): Problem => ({
  name,
  code: 'ANNOTATION_MISSING',
  message: `${name}: ${message}`,
});

/** What an image has of its shapes. */
const pixelsOf = ({ drawing }: AnnotatedImage, { shapes }: Verdict): Pick<PartImage, 'mask' | 'drawing'> =>
  shapes.length === 0 ? {} : { mask: drawing.file, drawing: { ...drawing, shapes } };

function describe(found: FoundAnnotations): string[] {
  const titles = found.formats.map((name: AnnotationFormatName) => annotationFormats[name].title);
  const shapes = found.images.flatMap(({ drawing }) => drawing.shapes);
  const rough = shapes.filter((shape) => shape.rough).length;
  const notes = [`Annotations: ${titles.join(', ')}, ${shapes.length} shapes on ${found.images.length} images.`];
  if (rough > 0) notes.push(`${rough} of the shapes are boxes: a U-Net learns all of a box as defect.`);
  const outside = found.images.filter((image) => reachesOutside(image));
  if (outside.length > 0)
    notes.push(
      `Shapes of ${outside.length} images reach outside of them and are cut at the border (${outside[0]!.name}).`,
    );
  return [...notes, ...found.notes];
}

/** Whether a shape has points beyond the image's edge, as far as the file states the size. */
function reachesOutside({ drawing: { size, shapes } }: AnnotatedImage): boolean {
  if (size === undefined) return false;
  return shapes.some(({ geometry }) => {
    const lists = 'points' in geometry ? [geometry.points] : 'polygons' in geometry ? geometry.polygons : [];
    return lists.some((points) =>
      points.some((v, i) => v < -0.5 || v > (i % 2 === 0 ? size.width : size.height) + 0.5),
    );
  });
}

/** A folder that only its annotations label. `unsaid` are the images that no file speaks of, or that nobody has looked at. */
export function annotatedLayout(
  found: FoundAnnotations,
  photographs: readonly string[],
  root: string,
  good: GoodClasses,
): LayoutResult & { readonly unsaid: readonly string[] } {
  const problems: Problem[] = [...found.problems];
  const images: LabelledImage[] = [];
  const known = new Set(problems.map(({ name }) => name));
  for (const annotated of found.images) {
    const { name } = annotated;
    const verdict = verdictOf(annotated, good);
    if (verdict === undefined) continue;
    known.add(name);
    if (typeof verdict === 'string') problems.push(problem(name, verdict));
    else {
      const { label, className } = verdict;
      images.push({ path: `${root}/${name}`, name, label, className, ...pixelsOf(annotated, verdict) });
    }
  }
  good.requireUsed('annotation');
  const unsaid = photographs.filter((name) => !known.has(name));
  return { images, notes: describe(found), problems, unusedMasks: [], unsaid };
}

/**
 * Adds shapes to the images of a folder that is labelled by its own layout. The layout's labels and masks stand; where an
 * annotation cannot be used, a good image is left out and a defective one keeps no mask.
 */
export function withAnnotations(result: LayoutResult, found: FoundAnnotations, good: GoodClasses): LayoutResult {
  const byName = new Map(found.images.map((image) => [image.name, image]));
  const broken = new Map(found.problems.map((one) => [one.name, one]));
  const problems: Problem[] = [...result.problems];
  const images = result.images.flatMap((image): LabelledImage[] => {
    const fault = broken.get(image.name);
    const annotated = byName.get(image.name);
    if (image.mask !== undefined || (fault === undefined && annotated === undefined)) return [image];
    if (fault !== undefined) {
      const pixelsOnly = image.label === 'defective';
      problems.push({ ...fault, ...(pixelsOnly && { pixelsOnly }) });
      return pixelsOnly ? [image] : [];
    }
    const verdict = verdictOf(annotated!, good);
    if (verdict === undefined || typeof verdict === 'string') return [image];
    if (image.label === 'good' && verdict.label === 'defective' && verdict.shapes.length === 0) {
      const message = `${image.name}: its folder calls it good, and its annotation ${verdict.className}; correct one of the two`;
      problems.push({ name: image.name, code: 'ANNOTATION_INVALID', message });
      return [];
    }
    if (verdict.shapes.length === 0) return [image];
    const className = image.className === 'defective' ? verdict.className : image.className;
    return [{ ...image, className, ...pixelsOf(annotated!, verdict) }];
  });
  const named = new Set(result.images.map(({ name }) => name));
  problems.push(...found.problems.filter(({ name }) => !named.has(name)));
  return { ...result, images, problems, notes: [...result.notes, ...describe(found)] };
}
