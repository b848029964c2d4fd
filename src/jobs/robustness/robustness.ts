/** `felfri robustness`: how a bundle judges test images that are darker, blurred, shifted, dirty and so on. */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { type Disturbance, type DisturbanceName, disturbanceNames, disturbances } from '../../data/disturb/table.ts';
import { fromDeep, toDeep } from '../../data/disturb/unit-image.ts';
import { takeImage } from '../../data/image/intake.ts';
import type { Image, Pixels } from '../../data/image/raster.ts';
import type { Problem } from '../../data/listing.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { Split } from '../../data/split.ts';
import { detectors } from '../../detectors/table.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { type DisturbedRates, disturbedRates, type Judged, type Rates, ratesOf } from '../../judge/robustness.ts';
import { type JobControl, sessionOptions } from '../../train/control.ts';
import { otherImages } from '../bundles/trained-on.ts';

/** Images that are disturbed unless told. */
export const USUAL_IMAGES = 100;

export interface RobustnessRequest extends JobControl {
  readonly bundle: string;
  readonly split: Split;
  /** Most test images, good and defective alike as far as there are; 100 unless told. */
  readonly images?: number;
  /** All unless told. */
  readonly only?: readonly DisturbanceName[];
  /** Of the choice of images and of everything random in disturbances; 0 unless told. */
  readonly seed?: number;
}

export interface Robustness {
  readonly bundle: string;
  readonly detector: string;
  readonly good: number;
  readonly defective: number;
  readonly parts: number;
  readonly plain: Rates;
  readonly disturbed: readonly (DisturbedRates & {
    readonly name: DisturbanceName;
    readonly title: string;
    readonly degree: string;
  })[];
  /** Images that could not be judged. */
  readonly problems: readonly Problem[];
}

/** Half of them good and half defective, as far as there are so many. */
function chosen(images: readonly PartImage[], most: number, seed: number): PartImage[] {
  const of = (label: PartImage['label']): PartImage[] =>
    Random.of(seed, 'robustness', label).shuffle(images.filter((image) => image.label === label));
  const [good, defective] = [of('good'), of('defective')];
  const odd = Math.min(defective.length, Math.max(Math.floor(most / 2), most - good.length));
  return [...good.slice(0, most - odd), ...defective.slice(0, odd)];
}

/** What a picture is called in `judged`: undisturbed, or a disturbance and its degree. */
const PLAIN = 'plain';
const keyOf = (name: DisturbanceName, degree: number): string => `${name} ${degree}`;

interface Trial {
  readonly inspector: Inspector;
  readonly names: readonly DisturbanceName[];
  readonly seed: number;
  /** After each picture. */
  readonly onJudged: () => void;
}

/** Judges one image, undisturbed and at every degree of every disturbance. Throws what cannot be read or judged, and INTERRUPTED. */
async function judgeImage(part: PartImage, { inspector, names, seed, onJudged }: Trial): Promise<Map<string, Judged>> {
  const { pixels: intake } = inspector.manifest;
  const image = await takeImage(part.path, intake, part.raw);
  const judged = new Map<string, Judged>();
  const judge = async (key: string, picture: Image<Pixels>): Promise<void> => {
    const { score, decision } = await inspector.inspectImage(picture, part.name);
    judged.set(key, { score, decision });
    onJudged();
  };
  await judge(PLAIN, image);
  const deep = toDeep(image, intake?.range);
  for (const name of names) {
    const { degrees, disturb, sameForAll }: Disturbance = disturbances[name];
    for (const degree of degrees) {
      const random = Random.of(seed, 'robustness', name, degree, sameForAll ? '' : part.name);
      const picture = fromDeep(await disturb(deep, degree, random), image.data, intake?.range);
      await judge(keyOf(name, degree), picture);
    }
  }
  return judged;
}

function requireThreshold({ manifest }: Inspector, bundle: string): void {
  if (manifest.threshold) return;
  throw new FelfriError('BUNDLE_INVALID', `${bundle} has no threshold yet; run felfri calibrate first`, {
    subject: bundle,
  });
}

/**
 * Judges test images as they are and disturbed, by the bundle's own thresholds; nothing is chosen on them. Throws BUNDLE_INVALID without a
 * threshold, DATASET_TOO_SMALL where no image can be judged, INTERRUPTED.
 */
export async function testRobustness(request: RobustnessRequest): Promise<Robustness> {
  const { bundle, split, images = USUAL_IMAGES, only: names = disturbanceNames, seed = 0, signal } = request;
  const inspector = await Inspector.open(bundle, sessionOptions(request));
  try {
    requireThreshold(inspector, bundle);
    const others = await otherImages(inspector.manifest, split);
    if (others !== null) request.onWarning?.(others);
    request.onPhase?.('Judging disturbed images');
    const asked = chosen(split.test, images, seed);
    const each = 1 + names.reduce((sum, name) => sum + disturbances[name].degrees.length, 0);
    let done = 0;
    const onJudged = (): void => {
      if (signal?.aborted) throw new FelfriError('INTERRUPTED', 'stopped; nothing was written');
      request.onProgress?.(++done, asked.length * each);
    };
    const found: { part: PartImage; judged: Map<string, Judged> }[] = [];
    const problems: Problem[] = [];
    for (const part of asked) {
      try {
        found.push({ part, judged: await judgeImage(part, { inspector, names, seed, onJudged }) });
      } catch (error) {
        if (!(error instanceof FelfriError) || error.code === 'INTERRUPTED') throw error;
        const problem = { name: part.name, code: error.code, message: error.message };
        problems.push(problem);
        request.onProblem?.(problem);
      }
    }
    if (found.length === 0)
      throw new FelfriError('DATASET_TOO_SMALL', 'test images: none could be judged', { subject: bundle });
    return { ...summary(found, names), bundle, detector: detectors[inspector.manifest.detector].title, problems };
  } finally {
    await inspector.close();
  }
}

function summary(
  found: readonly { readonly part: PartImage; readonly judged: ReadonlyMap<string, Judged> }[],
  names: readonly DisturbanceName[],
): Pick<Robustness, 'good' | 'defective' | 'parts' | 'plain' | 'disturbed'> {
  const labels = found.map(({ part }) => (part.label === 'defective' ? 1 : 0));
  const partGroups = found.map(({ part }) => part.partGroup);
  const rates = (key: string): Rates =>
    ratesOf(
      found.map(({ judged }) => judged.get(key)!),
      { labels, partGroups },
    );
  const plain = rates(PLAIN);
  const disturbed = names.map((name) => {
    const { title, degree: unit, degrees } = disturbances[name];
    const all = degrees.map((degree) => ({ degree, ...rates(keyOf(name, degree)) }));
    return { name, title, degree: unit, ...disturbedRates(all, plain) };
  });
  const defective = labels.filter((label) => label === 1).length;
  return { good: labels.length - defective, defective, parts: new Set(partGroups).size, plain, disturbed };
}
