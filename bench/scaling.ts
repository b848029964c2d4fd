/**
 * Time of an image through the wavelet features and flow of the default preset, against its pixels and against the batch. One JSON line.
 *
 *     tsx bench/scaling.ts pixels     squares of 128 to 2,048 px, one at a time
 *     tsx bench/scaling.ts batch      1 to 64 images of 256 px together
 */
import { parseArgs } from 'node:util';
import { Random } from '../src/core/random.ts';
import { sizeOf } from '../src/core/tensor.ts';
import { featureMaps } from '../src/detectors/backbones/features.ts';
import { waveletBackbone } from '../src/detectors/backbones/wavelet.ts';
import { flowPermutations, paperConfig } from '../src/detectors/flow/config.ts';
import { flowForward } from '../src/detectors/flow/network.ts';
import type { Value } from '../src/engine/graph.ts';
import { toOnnx } from '../src/engine/onnx/writer.ts';
import { createGraph } from '../src/engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors, type Parameters } from '../src/engine/parameters.ts';
import { Session } from '../src/engine/runtime/onnxruntime.ts';
import { median } from './prepared.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' } },
});
const threads = Number(values.threads);
const backbone = waveletBackbone();
const config = { ...paperConfig, channels: backbone.channels, hidden: 64 };
const permutations = flowPermutations(config.channels, config.kernels.length, 0);

function network(image: Value, p: Parameters): Record<string, Value> {
  const { z, logDet } = flowForward(featureMaps(image, backbone), p, config, permutations);
  return { logDet, ...Object.fromEntries(z.map((value, scale) => [`z${scale}`, value])) };
}

interface Timed {
  /** Seconds an image, of one run. */
  readonly time: () => Promise<number>;
  readonly release: () => Promise<void>;
}

/** The network for so many images at once, warmed up. */
async function prepared(batch: number, side: number): Promise<Timed> {
  const shape = [batch, 3, side, side];
  const declaring = createGraph();
  const declared = new DeclaredParameters(declaring, false);
  network(declaring.input('image', shape), declared);
  const all = [...declared.trained.values(), ...declared.states.values()].map(({ declaration }) => declaration);
  const graph = createGraph();
  const outputs = network(graph.input('image', shape), new FixedParameters(graph, initialTensors(all, 0)));
  const session = await Session.create(toOnnx(outputs), { threads });
  const random = Random.of(0, 'scaling');
  const feeds = { image: { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.next()) } };
  await session.run(feeds);
  const time = async (): Promise<number> => {
    const start = performance.now();
    await session.run(feeds);
    return (performance.now() - start) / 1000 / batch;
  };
  return { time, release: () => session.release() };
}

/** Seconds an image of each, in some rounds. */
async function inTurn(networks: readonly Timed[]): Promise<number[][]> {
  const rounds: number[][] = [];
  const end = performance.now() + 1500 * networks.length;
  while (rounds.length < 3 || performance.now() < end) {
    const round: number[] = [];
    for (const { time } of networks) round.push(await time());
    rounds.push(round);
  }
  for (const { release } of networks) await release();
  return rounds;
}

const sides = [128, 256, 512, 1024, 2048];
const batches = [1, 2, 4, 8, 16, 32, 64];

/** Slope of log y over log x, least squares: 1 where y grows as x does. */
function slope(x: readonly number[], y: readonly number[]): number {
  const [lx, ly] = [x, y].map((v) => v.map(Math.log)) as [number[], number[]];
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(lx), mean(ly)];
  const over = lx.reduce((sum, v, i) => sum + (v - mx) * (ly[i]! - my), 0);
  return over / lx.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}

async function pixels(): Promise<object> {
  const times: number[] = [];
  for (const side of sides) times.push(median((await inTurn([await prepared(1, side)])).flat()));
  const named = Object.fromEntries(sides.map((side, i) => [`${side} px`, times[i]!]));
  return {
    ...named,
    exponent: slope(
      sides.map((side) => side * side),
      times,
    ),
  };
}

/** Each batch in turn with one image alone, so that a machine that slows down between two batches slows both sides. */
async function batch(): Promise<object> {
  const named: Record<string, number> = {};
  const growths = [1];
  for (const n of batches) {
    const rounds = await inTurn([await prepared(1, 256), ...(n > 1 ? [await prepared(n, 256)] : [])]);
    named[`batch ${n}`] = median(rounds.map((round) => round.at(-1)!));
    if (n > 1) growths.push(median(rounds.map(([one, several]) => several! / one!)));
  }
  return { ...named, growth: Math.max(...growths) };
}

const kinds: Record<string, () => Promise<object>> = { pixels, batch };
const chosen = kinds[positionals[0] ?? ''];
if (!chosen) throw new Error(`got ${positionals[0] ?? 'nothing'}; give one of ${Object.keys(kinds).join(', ')}`);
console.log(JSON.stringify(await chosen()));
