/**
 * Which parts bear defects, and in how many of their images these show. The share of defective images is met exactly where the defects can be placed so;
 * whole parts go to folds, and the folds get alike.
 */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';

/** Number of folds that a simulated data set states. */
export const simulatedFolds = 5;

/** The fold of a part, by its number. */
export function foldOfPart(part: number): number {
  return part % simulatedFolds;
}

interface ShareOptions {
  readonly seed: number;
  readonly imagesPerPart: number;
  /** Share of the images that are to be defective, 0..1. */
  readonly defectiveShare: number;
}

/** For each of `parts` (numbers of parts), how many of its images are to show a defect. A defect shows in several images of its part. */
export function dealDefectiveImages(
  parts: readonly number[],
  { seed, imagesPerPart, defectiveShare }: ShareOptions,
): Map<number, number> {
  const random = Random.of(seed, 'defective parts');
  const byFold = Array.from({ length: simulatedFolds }, (_, fold) =>
    random.shuffle(parts.filter((part) => foldOfPart(part) === fold)),
  );
  const longest = Math.max(...byFold.map((list) => list.length));
  const order = Array.from({ length: longest }, (_, i) => byFold.flatMap((list) => list.slice(i, i + 1))).flat();
  // up to three times the share on one part, so that about every second part stays free of defects
  const most = Math.min(imagesPerPart, Math.max(1, Math.ceil(3 * defectiveShare * imagesPerPart)));
  const dealt = new Map(parts.map((part) => [part, 0]));
  let left = Math.round(parts.length * imagesPerPart * defectiveShare);
  for (const part of order) {
    const count = Math.min(left, 1 + random.integer(most));
    dealt.set(part, count);
    left -= count;
  }
  for (let i = 0; left > 0; i++) {
    const part = order[i % order.length]!;
    const count = dealt.get(part)!;
    if (count === imagesPerPart) continue;
    dealt.set(part, count + 1);
    left--;
  }
  return dealt;
}

/** A part that takes defects one at a time. */
export interface DefectBearer<Name extends string> {
  /** How many of its images show a defect. */
  readonly defective: number;
  /**
   * Draws a defect and keeps it unless it would show in more than `most` images that are good so far, or in fewer than one, or in some image only just.
   * Returns how many images turned defective; 0 when it was not kept.
   */
  tryDefect(className: Name, random: Random, most: number): number;
}

/** Draws a defect this often before the next part gets what is missing. */
const attempts = 60;
/** After so many refusals another class has its turn. */
const patience = 6;

/** Deals defects over the parts of a data set, the rarest class first, and carries what one part could not take to the next. */
export class DefectDealer<Name extends string> {
  readonly #images: Map<Name, number>;
  #owed = 0;

  constructor(classes: readonly Name[]) {
    this.#images = new Map(classes.map((name) => [name, 0]));
  }

  /** Adds defects until `wanted` images of the part, and those that earlier parts still owe, are defective. `stream` names the part. */
  deal(part: DefectBearer<Name>, wanted: number, images: number, stream: (attempt: number) => Random): void {
    const goal = Math.min(images, wanted + this.#owed);
    let refused = 0;
    for (let attempt = 0; attempt < attempts && part.defective < goal; attempt++) {
      const rarest = [...this.#images.keys()].sort((a, b) => this.#images.get(a)! - this.#images.get(b)!);
      const className = rarest[Math.floor(refused / patience) % rarest.length]!;
      const turned = part.tryDefect(className, stream(attempt), goal - part.defective);
      refused = turned > 0 ? 0 : refused + 1;
      this.#images.set(className, this.#images.get(className)! + turned);
    }
    this.#owed += wanted - part.defective;
  }
}

/** Throws OPTION_INVALID unless the numbers of a data set are legal. */
export function checkCounts(given: { parts: number; imagesPerPart: number; defectiveShare: number }): void {
  for (const option of ['parts', 'imagesPerPart'] as const) {
    const value = given[option];
    if (Number.isInteger(value) && value >= 1 && value <= 100_000) continue;
    throw new FelfriError('OPTION_INVALID', `${option} is ${value}; it must be a whole number from 1 to 100000`, {
      subject: option,
    });
  }
  const { defectiveShare } = given;
  if (defectiveShare >= 0 && defectiveShare <= 1) return;
  throw new FelfriError('OPTION_INVALID', `defectiveShare is ${defectiveShare}; it must be from 0 to 1`, {
    subject: 'defectiveShare',
  });
}
