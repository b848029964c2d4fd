/**
 * How soon a drift is told, and how often none is told falsely: `npm run bench:drift [-- SEED]`. Simulated links and rings are
 * inspected as they are and disturbed; scores and picture statistics of those pictures are then drawn again and again as a line's parts.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Random } from '../src/core/random.ts';
import { disturbances } from '../src/data/disturb/table.ts';
import { type DeepImage, fromDeep, toDeep } from '../src/data/disturb/unit-image.ts';
import { readImage } from '../src/data/image/decode.ts';
import { pictureStatistics } from '../src/data/image/picture-statistics.ts';
import type { Image } from '../src/data/image/raster.ts';
import { Inspector } from '../src/inspect/inspector.ts';
import type { Decision } from '../src/judge/decision.ts';
import { channelNames, type Values } from '../src/judge/drift/channels.ts';
import { LEARNED_PARTS } from '../src/judge/drift/learned.ts';
import { DriftMonitor } from '../src/judge/drift/monitor.ts';

const seed = Number(process.argv[2] ?? 1);
const cli = new URL('../src/cli/main.ts', import.meta.url).pathname;
const run = promisify(execFile);
const felfri = (...given: string[]) => run(process.execPath, ['--import', 'tsx', cli, ...given], { maxBuffer: 1e8 });

/** Pictures disturbed by each degree, parts over which a drift grows from nothing, and lines simulated of each. */
const DISTURBED = 24;
const RAMP = 500;
const LINES = 40;
const MOST_PARTS = 2000;
const STEPS = 4;
const WEEK = 100_000;
const WEEKS = 10;
const at = '2026-03-01T09:00:00.000Z';

type Part = Values & { readonly decision: Decision };

/** A worn tool leaves a dull line across all parts, of so much less light. */
function worn(image: DeepImage, percent: number): DeepImage {
  const { width, height, channels } = image;
  const data = image.data.slice();
  const thick = Math.max(1, Math.round(height / 100));
  for (let y = Math.round(0.45 * height); y < Math.round(0.45 * height) + thick; y++)
    for (let i = y * width * channels; i < (y + 1) * width * channels; i++) data[i] = data[i]! * (1 - percent / 100);
  return { ...image, data };
}

const drifts: Readonly<
  Record<
    string,
    {
      ends: readonly number[];
      of: (image: DeepImage, degree: number, random: Random) => DeepImage | Promise<DeepImage>;
    }
  >
> = {
  'less light, %': { ends: [5, 10, 20], of: disturbances.darker.disturb },
  'more light, %': { ends: [5, 10, 20], of: disturbances.brighter.disturb },
  'out of focus, pixels': // the library blurs by 0.3 pixels at least
    { ends: [1.2, 2, 4], of: disturbances.blur.disturb },
  'tool wear, % darker line': { ends: [10, 20, 40], of: worn },
  'dirt, % of the picture': {
    ends: [0.3, 1, 3],
    of: (image, degree) => disturbances.dirt.disturb(image, degree, Random.of(seed, 'dirt')),
  },
  'shift, % of the side': {
    ends: [1, 2, 4],
    of: (image, degree) => disturbances.shift.disturb(image, degree, Random.of(seed, 'one way')),
  },
};

async function partOf(inspector: Inspector, image: Image): Promise<Part> {
  const { score, decision } = await inspector.inspectImage(image, 'part');
  return { ...pictureStatistics(image), score, decision };
}

async function goodImages(folder: string): Promise<string[]> {
  const [head, ...lines] = (await readFile(join(folder, 'manifest.csv'), 'utf8')).trim().split(/\r?\n/);
  const names = head!.split(',');
  const mask = names.indexOf('mask');
  const image = names.indexOf('image');
  return lines
    .map((line) => line.split(','))
    .flatMap((cells) => (cells[mask] === '' ? [join(folder, cells[image]!)] : []));
}

function learned(parts: readonly Part[], random: Random): DriftMonitor {
  const monitor = new DriftMonitor();
  for (let i = 0; i < LEARNED_PARTS + 300; i++) monitor.observe(random.pick(parts), at);
  return monitor;
}

/** Parts until a drift that grows is told, and by what; undefined where it is not. */
function toldAfter(parts: readonly Part[], stages: readonly (readonly Part[])[], random: Random) {
  const monitor = learned(parts, random);
  for (let i = 1; i <= MOST_PARTS; i++) {
    const stage = Math.min(1, i / RAMP) * stages.length;
    const low = Math.floor(stage);
    const here = random.next() < stage - low ? low + 1 : low;
    const part = random.pick(here === 0 ? parts : stages[Math.min(here, stages.length) - 1]!);
    const [told] = monitor.observe(part, at).filter(({ began }) => began);
    if (told) return { after: i, channel: told.drifting.channel };
  }
  return undefined;
}

async function measure(product: string, folder: string, bundle: string): Promise<void> {
  const inspector = await Inspector.open(bundle, { threads: 2 });
  const files = await goodImages(folder);
  const images = await Promise.all(files.map((file) => readImage(file)));
  const parts: Part[] = [];
  for (const image of images) parts.push(await partOf(inspector, image));
  const notOk = parts.filter(({ decision }) => decision !== 'OK').length;
  process.stdout.write(`\n${product}: ${parts.length} good pictures, of which ${notOk} are not OK\n`);
  const random = Random.of(seed, product, 'draw');
  let began = 0;
  let weeks = 0;
  const start = performance.now();
  for (let week = 0; week < WEEKS; week++) {
    const monitor = learned(parts, random);
    let here = 0;
    for (let i = 0; i < WEEK; i++) {
      here += monitor.observe(random.pick(parts), at).filter((one) => one.began).length;
    }
    began += here;
    if (here > 0) weeks++;
  }
  const micros = ((performance.now() - start) * 1000) / (WEEKS * WEEK);
  process.stdout.write(
    `false alarms: ${began} in ${WEEKS} times ${WEEK} parts, in ${weeks} of them; ${micros.toFixed(1)} microseconds a part\n`,
  );
  process.stdout.write('| drift | grows to | told | parts, median | 90 % | by |\n|---|---|---|---|---|---|\n');
  for (const [name, { ends, of }] of Object.entries(drifts))
    for (const end of ends) {
      const stages: Part[][] = [];
      for (let step = 1; step <= STEPS; step++) {
        const stage: Part[] = [];
        for (let i = 0; i < DISTURBED; i++) {
          const image = images[(i * 7) % images.length]!;
          const changed = await of(toDeep(image, undefined), (end * step) / STEPS, Random.of(seed, name, i));
          stage.push(await partOf(inspector, fromDeep(changed, image.data, undefined) as Image));
        }
        stages.push(stage);
      }
      const told = Array.from({ length: LINES }, () => toldAfter(parts, stages, random)).flatMap((one) => one ?? []);
      const afters = told.map(({ after }) => after).sort((a, b) => a - b);
      const quantile = (share: number): string =>
        String(afters[Math.ceil(share * LINES) - 1] ?? `more than ${MOST_PARTS}`);
      const by = channelNames
        .map((channel) => [channel, told.filter((one) => one.channel === channel).length] as const)
        .filter(([, count]) => count > 0)
        .sort(([, a], [, b]) => b - a)
        .slice(0, 2);
      process.stdout.write(
        `| ${name} | ${end} | ${told.length} of ${LINES} | ${quantile(0.5)} | ${quantile(0.9)} | ${by.map(([channel, count]) => `${channel} ${count}`).join(', ')} |\n`,
      );
    }
  const [image] = images;
  const began2 = performance.now();
  for (let i = 0; i < 200; i++) pictureStatistics(image!);
  process.stdout.write(
    `statistics of a picture of ${image!.width} x ${image!.height}: ${((performance.now() - began2) / 200).toFixed(2)} ms\n`,
  );
  await inspector.close();
}

const folder = await mkdtemp(join(tmpdir(), 'felfri-drift-'));
try {
  for (const [product, size] of [
    ['coupling-link', '192'],
    ['bearing-ring', '128'],
  ] as const) {
    const [set, bundle] = [join(folder, product), join(folder, `${product}-bundle`)];
    await felfri(
      'simulate',
      product,
      '-o',
      set,
      '--parts',
      '30',
      '--images-per-part',
      '8',
      '--size',
      size,
      '--seed',
      String(seed),
    );
    await felfri('train', 'flow', set, '-o', bundle, '--backbone', 'surface', '--epochs', '0', '--seed', String(seed));
    await measure(product, set, bundle);
  }
} finally {
  await rm(folder, { recursive: true });
}
