/** Images that a report shows with their score maps: the clearest hits, the worst misses, the worst false alarms. */
import { encodePreview } from '../../data/image/encode.ts';
import { takeImage } from '../../data/image/intake.ts';
import type { Image } from '../../data/image/raster.ts';
import { toEightBits } from '../../data/image/value-range.ts';
import { drawHeatMap } from '../../inspect/heat-map.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { mapScaleOf } from '../../inspect/map-scale.ts';
import type { ExampleMap } from '../../judge/report/input.ts';
import type { JudgedBundle } from './evaluate.ts';
import type { ScoredImage } from './scoring.ts';

type Kind = ExampleMap['kind'];

/** Pixels of the longer side: twice what a page shows it at. */
const LONGEST = 480;

async function dataUri(image: Image): Promise<string> {
  return `data:image/webp;base64,${Buffer.from(await encodePreview(image, LONGEST)).toString('base64')}`;
}

/** Hits and false alarms from the highest score, misses from the lowest. Pictures for REVIEW whatever their score are none of them. */
function choose(scored: readonly ScoredImage[], threshold: number, kinds: readonly Kind[], count: number) {
  const falling = scored.filter(({ picture }) => !picture).sort((a, b) => b.score - a.score);
  const defective = falling.filter(({ image }) => image.label === 'defective');
  const ofKind: Record<Kind, ScoredImage[]> = {
    hit: defective.filter(({ score }) => score >= threshold),
    miss: defective.filter(({ score }) => score < threshold).reverse(),
    'false alarm': falling.filter(({ image, score }) => image.label === 'good' && score >= threshold),
  };
  return kinds.flatMap((kind) => ofKind[kind].slice(0, count).map((scoredImage) => ({ kind, ...scoredImage })));
}

/** @param count of each kind, default 3. */
export async function examplesOf(
  { bundle, manifest, scored }: JudgedBundle,
  kinds: readonly Kind[] = ['hit', 'miss', 'false alarm'],
  count = 3,
): Promise<ExampleMap[]> {
  const limit = manifest.threshold?.value ?? Number.POSITIVE_INFINITY;
  const inspector = await Inspector.open(bundle);
  const examples: ExampleMap[] = [];
  try {
    for (const { kind, image } of choose(scored, limit, kinds, count)) {
      const pixels = await takeImage(image.path, manifest.pixels, image.raw);
      const { map, score, decision, threshold, review } = await inspector.inspectImage(pixels, image.name);
      const seen = toEightBits(pixels, manifest.pixels?.range);
      examples.push({
        kind,
        name: image.name,
        label: image.className,
        score,
        decision,
        image: await dataUri(seen),
        map: await dataUri(drawHeatMap(seen, map, mapScaleOf(manifest, { decision, threshold, review }))),
      });
    }
  } finally {
    await inspector.close();
  }
  return examples;
}
