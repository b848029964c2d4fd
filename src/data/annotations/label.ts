/**
 * What annotations say of images, as labels: shapes make an image defective, and none make it good where somebody has looked.
 * What nobody has looked at is never good.
 */
import type { PartImage } from '../dataset.ts';
import type { LabelledImage, LayoutResult } from '../layouts/layout.ts';
import { isDefectiveName, isGoodName } from '../layouts/words.ts';
import type { Problem } from '../listing.ts';
import type { Shape } from './drawing.ts';
import { type AnnotationFormatName, annotationFormats } from './formats/table.ts';
import type { FoundAnnotations } from './read.ts';
import type { AnnotatedImage } from './reading.ts';

/** Shapes that are about something else than a defect. */
const otherLabels = new Set(['background', '_background_', '__ignore__', 'void']);

interface Verdict {
  readonly label: 'good' | 'defective';
  readonly className: string;
  /** The shapes of defects. */
  readonly shapes: readonly Shape[];
}

/** Labels of an annotation tool that mean good, beside those that felfri knows. */
export type IsGood = (label: string) => boolean;

export const goodBy = (goodClasses: readonly string[] | undefined): IsGood => {
  const own = new Set(goodClasses?.map((name) => name.toLowerCase()));
  return (label) => isGoodName(label) || own.has(label.toLowerCase());
};

/** The label that most shapes have, the first of several. */
function commonest(shapes: readonly Shape[]): string {
  const counts = new Map<string, number>();
  for (const { label, erases } of shapes) if (!erases) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** What an image is, or why nobody can say. */
function verdictOf({ drawing, words, unseen }: AnnotatedImage, isGood: IsGood): Verdict | string {
  const shapes = drawing.shapes.filter(
    ({ label, erases }) => erases || !(isGood(label) || otherLabels.has(label.toLowerCase())),
  );
  if (shapes.some(({ erases }) => !erases)) {
    if (words.some(isGood)) return 'it has shapes of defects, and is called good as a whole; correct one of the two';
    return { label: 'defective', className: commonest(shapes), shapes };
  }
  const unknown = words.filter((word) => !isGood(word) && !isDefectiveName(word));
  const defective = words.find(isDefectiveName);
  if (defective !== undefined && words.some(isGood))
    return `it is called good and ${defective}; correct one of the two`;
  if (defective !== undefined) return { label: 'defective', className: defective, shapes: [] };
  if (words.some(isGood)) return { label: 'good', className: 'good', shapes: [] };
  if (unseen) return 'nobody has annotated it yet; annotate it, or save it as one without shapes';
  if (unknown.length > 0) {
    return `it has no shapes and is called '${unknown[0]}', which may mean good or defective; name it among --good-classes, or mark its defect`;
  }
  return { label: 'good', className: 'good', shapes: [] };
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

/** A folder that only its annotations label. Images that no file speaks of are named and left out. */
export function annotatedLayout(
  found: FoundAnnotations,
  photographs: readonly string[],
  root: string,
  isGood: IsGood,
): LayoutResult {
  const problems: Problem[] = [...found.problems];
  const images: LabelledImage[] = [];
  const known = new Set(problems.map(({ name }) => name));
  for (const annotated of found.images) {
    const { name } = annotated;
    known.add(name);
    const verdict = verdictOf(annotated, isGood);
    if (typeof verdict === 'string') problems.push(problem(name, verdict));
    else {
      const { label, className } = verdict;
      images.push({ path: `${root}/${name}`, name, label, className, ...pixelsOf(annotated, verdict) });
    }
  }
  for (const name of photographs)
    if (!known.has(name))
      problems.push(
        problem(
          name,
          'no annotation speaks of it; annotate it, save it as one without shapes, or put the good images into good/ and the others into defective/ with their annotations',
        ),
      );
  return { images, notes: describe(found), problems, unusedMasks: [] };
}

/**
 * Adds shapes to the images of a folder that is labelled by its own layout. The layout's labels and masks stand; where an
 * annotation cannot be used, a good image is left out and a defective one keeps no mask.
 */
export function withAnnotations(result: LayoutResult, found: FoundAnnotations, isGood: IsGood): LayoutResult {
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
    const verdict = verdictOf(annotated!, isGood);
    if (typeof verdict === 'string' || verdict.shapes.length === 0) return [image];
    const className = image.className === 'defective' ? verdict.className : image.className;
    return [{ ...image, className, ...pixelsOf(annotated!, verdict) }];
  });
  const named = new Set(result.images.map(({ name }) => name));
  problems.push(...found.problems.filter(({ name }) => !named.has(name)));
  return { ...result, images, problems, notes: [...result.notes, ...describe(found)] };
}
