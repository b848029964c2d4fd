/** One conformance suite for the bundles of all detectors. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallFlow, smallFusion, smallUnet } from '../../test/detectors.ts';
import { madeFacts } from '../../test/support/bundle.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { Random } from '../core/random.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import { simulatePart } from '../data/simulate/bearing-ring/simulate-part.ts';
import { fusionInspection } from '../detectors/fusion/inspection.ts';
import type { DetectorName } from '../detectors/table.ts';
import { toOnnx } from '../engine/onnx/writer.ts';
import { createGraph } from '../engine/operators/table.ts';
import { DeclaredParameters } from '../engine/parameters.ts';
import { Session } from '../engine/runtime/onnxruntime.ts';
import { fusedOutput } from '../jobs/fuse/golden.ts';
import { pixelFeed } from '../train/pixel-input.ts';
import { readManifest } from './content.ts';
import { detect } from './detect.ts';
import { type DetectorOutput, disagreement } from './golden.ts';
import { openBundle } from './open.ts';
import { type BundleManifest, SCHEMA_VERSION } from './schema.ts';
import { amendBundle, exportModel, type TrainedDetector, writeBundle, writeModel } from './write.ts';

const folder = temporaryFolders();

function part(seed: number, width: number, height: number): Image {
  const { image } = simulatePart(seed, { width, height, className: 'dent' });
  const data = new Uint8Array(image.length * 3);
  const random = Random.of(seed, 'tint');
  image.forEach((v, i) => {
    for (let c = 0; c < 3; c++) data[i * 3 + c] = Math.min(255, v + random.integer(9));
  });
  return { width, height, channels: 3, data };
}

const images = [part(1, 96, 64), part(2, 50, 130), part(3, 211, 97)];

/** What the suite asks of a detector. */
interface Candidate {
  readonly model: Uint8Array;
  write(directory: string): Promise<void>;
  /** Writes a bundle whose model gives other outputs. */
  writeOther(directory: string): Promise<void>;
  /** What the model must give, found without it. */
  expected(image: Image): Promise<DetectorOutput>;
}

const golden = images.slice(0, 2);

function trained(name: DetectorName, detector: TrainedDetector): Candidate {
  const graph = createGraph();
  const pixels = graph.input('pixels', [-1, -1, 3], 'uint8');
  const bytes = toOnnx({ ...detector.inspection(pixels, new DeclaredParameters(graph, false)) });
  const other = new Map([...detector.weights].map(([k, t]) => [k, { ...t, data: t.data.map((v) => v * 1.05) }]));
  return {
    model: exportModel(detector),
    write: (directory) => writeBundle(directory, detector, golden, madeFacts(name)),
    writeOther: (directory) => writeBundle(directory, { ...detector, weights: other }, golden, madeFacts(name)),
    expected: async (image) => {
      const session = await Session.create(bytes);
      const output = await detect(session, image, { weights: Object.fromEntries(detector.weights) });
      await session.release();
      return output;
    },
  };
}

function fused(): Candidate {
  const { model, flow, unet, options } = smallFusion();
  const outputOf = async (bytes: Uint8Array, image: Image<Pixels>): Promise<DetectorOutput> => {
    const session = await Session.create(bytes);
    const output = await detect(session, image);
    await session.release();
    return output;
  };
  const expectedBy = async (image: Image<Pixels>, by: typeof options): Promise<DetectorOutput> =>
    fusedOutput(await outputOf(flow, image), await outputOf(unet, image), by);
  const written = (directory: string, bytes: Uint8Array, by: typeof options): Promise<void> =>
    writeModel(directory, bytes, { images: golden, expected: (image) => expectedBy(image, by) }, madeFacts('fusion'));
  const larger = { ...options, combination: 'larger' as const };
  const pixels = createGraph().input('pixels', [-1, -1, 3], 'uint8');
  return {
    model,
    write: (directory) => written(directory, model, options),
    writeOther: (directory) => written(directory, toOnnx({ ...fusionInspection(pixels, larger) }), larger),
    expected: (image) => expectedBy(image, options),
  };
}

describe.each<[DetectorName, () => Candidate]>([
  ['unet', () => trained('unet', smallUnet())],
  ['flow', () => trained('flow', smallFlow())],
  ['fusion', fused],
])('a bundle of a %s', (name, make) => {
  const candidate = make();
  let bundle: string;
  beforeAll(async () => {
    bundle = join(await folder(), name);
    await candidate.write(bundle);
  });

  const copy = async (): Promise<string> => {
    const target = join(await folder(), name);
    await cp(bundle, target, { recursive: true });
    return target;
  };

  it('gives the scores and maps of the graph that was trained, on images of any size', async () => {
    const opened = await openBundle(bundle);
    for (const image of images) {
      const expected = await candidate.expected(image);
      const got = await opened.detect(image);
      expect(Object.keys(got.parts ?? {})).toEqual(name === 'fusion' ? ['flow', 'unet'] : []);
      const difference = disagreement(got, expected);
      expect(difference.score).toBeLessThanOrEqual(1e-4);
      expect(difference.map).toBeLessThanOrEqual(1e-4);
      expect(expected.map.data.some((v) => v !== expected.map.data[0])).toBe(true);
    }
    await opened.close();
  });

  it("gives the same in a browser's runtime (WebAssembly)", async () => {
    const web = await import('onnxruntime-web');
    web.env.wasm.numThreads = 1;
    const { model } = candidate;
    const session = await web.InferenceSession.create(model, { executionProviders: ['wasm'] });
    const node = await Session.create(model);
    for (const image of images) {
      const { shape, data } = pixelFeed(image, undefined);
      const out = await session.run({ pixels: new web.Tensor('uint8', data, shape) });
      const got = {
        score: (out['score']!.data as Float32Array)[0]!,
        map: { shape: out['map']!.dims, data: out['map']!.data as Float32Array<ArrayBuffer> },
      };
      const difference = disagreement(got, await detect(node, image));
      expect(difference.score).toBeLessThanOrEqual(1e-4);
      expect(difference.map).toBeLessThanOrEqual(1e-4);
    }
    await session.release();
    await node.release();
  });

  it('is refused when a file is altered or missing', async () => {
    const altered = await copy();
    const model = await readFile(join(altered, 'model.onnx'));
    model[model.length >> 1]! ^= 1;
    await writeFile(join(altered, 'model.onnx'), model);
    await expect(openBundle(altered)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    const missing = await copy();
    await rm(join(missing, 'golden', '0.png'));
    await expect(openBundle(missing)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    await rm(join(missing, 'bundle.json'));
    await expect(openBundle(missing)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
  });

  it('is refused when its model does not give the golden outputs, though every hash is right', async () => {
    const other = join(await folder(), name);
    await candidate.writeOther(other);
    const mixed = await copy();
    await cp(join(other, 'model.onnx'), join(mixed, 'model.onnx'));
    const manifest = JSON.parse(await readFile(join(mixed, 'bundle.json'), 'utf8')) as BundleManifest;
    const hash = (JSON.parse(await readFile(join(other, 'bundle.json'), 'utf8')) as BundleManifest).files[
      'model.onnx'
    ]!;
    await writeFile(
      join(mixed, 'bundle.json'),
      JSON.stringify({ ...manifest, files: { ...manifest.files, 'model.onnx': hash } }),
    );
    await expect(openBundle(mixed)).rejects.toMatchObject({ code: 'BUNDLE_GOLDEN' });
  });

  it('is refused when bundle.json is of another version, names a path outside, or is no JSON', async () => {
    const manifest = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')) as BundleManifest;
    const outside = { ...manifest, files: { ...manifest.files, '../../etc/passwd': '0'.repeat(64) } };
    for (const content of [
      JSON.stringify({ ...manifest, schema: 99 }),
      JSON.stringify(outside),
      '{"schema": 1',
      'null',
    ]) {
      const broken = await copy();
      await writeFile(join(broken, 'bundle.json'), content);
      await expect(openBundle(broken)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    }
  });

  it('of schema version 1 opens, and is of the present version once amended', async () => {
    const old = await copy();
    const manifest = JSON.parse(await readFile(join(old, 'bundle.json'), 'utf8')) as BundleManifest;
    await writeFile(join(old, 'bundle.json'), JSON.stringify({ ...manifest, schema: 1 }));
    const opened = await openBundle(old);
    expect(opened.manifest.schema).toBe(1);
    const review = { value: 0.125, rule: 'recall=1', statement: 'another' };
    const threshold = { value: 0.25, rule: 'f1', statement: 'a statement', chosenOn: 'calibration', review };
    const pixelThreshold = { value: 0.5, statement: 'a statement', chosenOn: 'calibration' };
    await amendBundle(old, opened.manifest, { threshold, pixelThreshold });
    await opened.close();
    const again = await openBundle(old);
    expect(again.manifest).toMatchObject({ schema: SCHEMA_VERSION, threshold, pixelThreshold });
    await again.close();
  });

  it('with REVIEW above NG, which nothing would ever be, is refused', async () => {
    const odd = await copy();
    const manifest = JSON.parse(await readFile(join(odd, 'bundle.json'), 'utf8')) as BundleManifest;
    const of = (value: number) => ({ value, rule: 'recall=1', statement: 'by hand' });
    for (const [review, refused] of [
      [0.26, true],
      [0.25, false],
    ] as const) {
      const threshold = { ...of(0.25), chosenOn: 'calibration', review: of(review) };
      await writeFile(join(odd, 'bundle.json'), JSON.stringify({ ...manifest, threshold }));
      const read = readManifest(odd);
      if (refused) await expect(read).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
      else expect((await read).threshold).toEqual(threshold);
    }
  });

  it('takes a threshold without its model changing', async () => {
    const amended = await copy();
    const opened = await openBundle(amended);
    const threshold = { value: 0.25, rule: 'accuracy', statement: 'a statement', chosenOn: 'calibration' };
    await amendBundle(amended, opened.manifest, { threshold });
    await opened.close();
    const again = await openBundle(amended);
    expect(again.manifest.threshold).toEqual(threshold);
    await again.close();
  });
});
