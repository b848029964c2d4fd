/**
 * A U-Net in 8 bits beside the same in float: times of images in turn, and the AUROC of both. Prints one JSON line.
 *
 *     tsx bench/eight-bit.ts
 *
 * The U-Net (base 32, images of 256 px as one patch) learns the plain defects of simulated rings, in patches of 64 px, for at most two and a half minutes;
 * `felfri quantize` takes the ranges from its calibration images. Both then judge rings of another seed, of which neither saw any.
 */
import { parseArgs } from 'node:util';
import { openDataSet } from '../src/cli/options.ts';
import { auroc } from '../src/core/auroc.ts';
import { readImage } from '../src/data/image/decode.ts';
import { Inspector } from '../src/inspect/inspector.ts';
import { felfri, made, madeOnce, median, prepareProgram, simulate, train } from './prepared.ts';

const { values } = parseArgs({ options: { threads: { type: 'string', default: '2' } } });
const threads = Number(values.threads);
const [rings, unseen, float, quantised] = [made('rings'), made('unseen-rings'), made('unet-32'), made('unet-32-8-bit')];
const network = ['--base', '32', '--patch', '64', '--batch', '8', '--epochs', '8', '--max-minutes', '2.5'];

await prepareProgram();
await simulate(rings, { parts: 60, seed: 0, difficulty: 0.25 });
await simulate(unseen, { parts: 40, seed: 1, difficulty: 0.25 });
await madeOnce(float, (path) => train('unet', rings, path, ...network));
await madeOnce(quantised, (path) => felfri('quantize', float, rings, '-o', path));

const { images } = await openDataSet(unseen, {});
const inspectors = [await Inspector.open(float, { threads }), await Inspector.open(quantised, { threads })];
const seen = inspectors.map(() => ({ seconds: [] as number[], scores: [] as number[] }));
for (const { path, name } of images) {
  const image = await readImage(path);
  for (const [i, inspector] of inspectors.entries()) {
    const { score, milliseconds } = await inspector.inspectImage(image, name);
    seen[i]!.seconds.push(milliseconds.detect / 1000);
    seen[i]!.scores.push(score);
  }
}
for (const inspector of inspectors) await inspector.close();

const defective = images.map(({ label }) => label === 'defective');
const [float_auroc, eight_bit_auroc] = seen.map(({ scores }) => auroc(Float64Array.from(scores), defective)) as [
  number,
  number,
];
console.log(
  JSON.stringify({
    float_s: median(seen[0]!.seconds),
    eight_bit_s: median(seen[1]!.seconds),
    float_auroc,
    eight_bit_auroc,
    auroc_difference: Math.abs(float_auroc - eight_bit_auroc),
    images: images.length,
    defective: defective.filter(Boolean).length,
  }),
);
