/**
 * How quick felfri is as it is used: bundles of the default presets, through the compiled command line. Prints one JSON line.
 *
 *     tsx bench/product.ts decision     an image file to decision and map, by the flow and by the U-Net, in turn
 *     tsx bench/product.ts start        process start to the first decision, by the flow
 *     tsx bench/product.ts folder       decisions of `felfri inspect FOLDER`, and what decoding and computing alone allow
 *
 * What it needs is made once, in .cache/bench: the compiled program, simulated parts, and both bundles after a short training, since the
 * time of a decision depends on the sizes of the networks and not on how well they know the parts.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs, promisify } from 'node:util';
import { readImage } from '../src/data/image/decode.ts';
import type { Image } from '../src/data/image/raster.ts';
import { Inspector } from '../src/inspect/inspector.ts';
import { lanesFor } from '../src/inspect/lanes.ts';
import { command, imagesOf, made, madeOnce, median, prepareProgram, seconds, simulate, train } from './prepared.ts';

const run = promisify(execFile);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' } },
});
const threads = Number(values.threads);
const [parts, flow, unet] = [made('parts'), made('flow'), made('unet')];

async function prepare(): Promise<void> {
  await prepareProgram();
  await simulate(parts, { parts: 16, seed: 0, difficulty: 0.5 });
  await madeOnce(flow, (path) => train('flow', parts, path, '--epochs', '1'));
  await madeOnce(unet, (path) => train('unet', parts, path, '--epochs', '1'));
}

const images = (): Promise<string[]> => imagesOf(parts);

async function decision(): Promise<object> {
  const files = await images();
  const inspectors = [await Inspector.open(flow, { threads }), await Inspector.open(unet, { threads })] as const;
  const times = inspectors.map((): number[] => []);
  for (const file of files) {
    for (const [i, inspector] of inspectors.entries()) times[i]!.push(await seconds(() => inspector.inspect(file)));
  }
  for (const inspector of inspectors) await inspector.close();
  const [flow_s, unet_s] = times.map(median);
  return { flow_s, unet_s, images: files.length };
}

async function start(): Promise<object> {
  const [file] = await images();
  const args = [command, 'inspect', flow, file!, '--json', '--threads', `${threads}`];
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const first_decision_s = (performance.now() - begun) / 1000;
  await closed;
  const node_s = await seconds(() => run(process.execPath, ['-e', '0']));
  return { first_decision_s, node_s };
}

/** Seconds of one core that each image takes: reading alone, and computing with one thread. */
async function costOf(files: readonly string[]): Promise<number> {
  const alone = await Inspector.open(flow, { threads: 1 });
  const decoded: Image[] = [];
  const read: number[] = [];
  const computed: number[] = [];
  for (const file of files) {
    read.push(
      await seconds(async () => {
        decoded.push(await readImage(file));
      }),
    );
  }
  for (const image of decoded) computed.push(await seconds(() => alone.inspectImage(image, 'image')));
  await alone.close();
  return median(read) + median(computed);
}

async function folder(): Promise<object> {
  const all = await images();
  const before = await costOf(all);
  // long enough that opening the bundle, which is left out, does not blur the pace
  const files = Array.from({ length: 8 }, () => all).flat();
  const inspector = await Inspector.open(flow, lanesFor(files.length, threads));
  const spent = await seconds(async () => {
    for await (const _ of inspector.inspectAll(files));
  });
  await inspector.close();
  const cost = Math.min(before, await costOf(all));
  return { parts_per_minute: (60 * files.length) / spent, ideal_per_minute: (60 * threads) / cost, core_s: cost };
}

const kinds: Record<string, () => Promise<object>> = { decision, start, folder };
const chosen = kinds[positionals[0] ?? ''];
if (!chosen) throw new Error(`got ${positionals[0] ?? 'nothing'}; give one of ${Object.keys(kinds).join(', ')}`);
await prepare();
console.log(JSON.stringify(await chosen()));
