/** Stations for tests: a small bundle, images to send, and a server that is closed afterwards. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { readManifest } from '../../src/bundle/content.ts';
import { type BundleManifest, SCHEMA_VERSION } from '../../src/bundle/schema.ts';
import { type TrainedDetector, writeBundle } from '../../src/bundle/write.ts';
import type { Image } from '../../src/data/image/raster.ts';
import { simulatePart } from '../../src/data/simulate/bearing-ring/simulate-part.ts';
import type { InspectionFields } from '../../src/station/contract/inspections.ts';
import { buildServer, type ServerSettings } from '../../src/station/http/server.ts';
import type { Recorded } from '../../src/station/inspections/inspecting.ts';
import type { StationSettings } from '../../src/station/settings.ts';
import { Station } from '../../src/station/station.ts';
import { smallUnet } from '../detectors.ts';
import { compiledFile } from './compiled.ts';
import { writeTree } from './folder.ts';

/** An image of a simulated part, RGB. */
function partImage(seed: number, width = 96, height = 64): Image {
  const { image } = simulatePart(seed, { width, height, className: 'dent' });
  return {
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: image.length * 3 }, (_, i) => image[Math.floor(i / 3)]!),
  };
}

export async function partPng(seed: number, width?: number, height?: number): Promise<Buffer> {
  const { data, ...size } = partImage(seed, width, height);
  return sharp(data, { raw: size }).png().toBuffer();
}

const manifest = (threshold: number): Omit<BundleManifest, 'files'> => ({
  schema: SCHEMA_VERSION,
  detector: 'unet',
  created: '2026-01-01T00:00:00Z',
  canvas: { height: 64, width: 96, fit: 'letterbox' },
  settings: {},
  backbone: null,
  threshold: { value: threshold, rule: 'recall=0.95', statement: 'a statement', chosenOn: 'calibration part' },
  mapRange: { low: 0, high: 1 },
  evaluation: null,
  data: {
    name: 'simulated',
    hash: '0'.repeat(64),
    split: 'fold 0 of 5',
    protocol: 'honest',
    images: { train: 0, calibration: 4, test: 4 },
    partGroups: '',
  },
  training: {},
  software: {},
});

/** Scores beside a bundle, as calibrating and evaluating leave them. */
function storedScores(model: Uint8Array): string {
  const image = (label: 'good' | 'defective', score: number, i: number) => ({
    name: `${label}-${i}.png`,
    class: label === 'good' ? 'good' : 'dent',
    label,
    partGroup: `part ${i}`,
    score,
    decision: score >= 0.5 ? 'NG' : 'OK',
    brightness: 100,
    milliseconds: 1,
  });
  return JSON.stringify({
    schema: 1,
    detector: 'unet',
    model: createHash('sha256').update(model).digest('hex'),
    split: 'fold 0 of 5',
    protocol: 'honest',
    threshold: 0.5,
    review: null,
    images: [0.1, 0.2, 0.3, 0.6]
      .map((s, i) => image('good', s, i))
      .concat([0.4, 0.7, 0.8, 0.9].map((s, i) => image('defective', s, i))),
  });
}

/** Files of the small bundles that this process has written, by what they state. */
const written = new Map<string, readonly (readonly [name: string, bytes: Uint8Array])[]>();

async function filesOf(folder: string): Promise<[name: string, bytes: Uint8Array][]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  return Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)]));
}

/** Writes a bundle with random weights and scores beside it; one like another of this process is copied, a tenth of the work. */
export async function smallBundle(
  folder: string,
  threshold: number,
  detector?: TrainedDetector,
  states: Partial<Pick<BundleManifest, 'detector' | 'mapRange' | 'pictureSizes'>> = {},
): Promise<string> {
  const key = JSON.stringify([threshold, states]);
  const known = detector ? undefined : written.get(key);
  if (known) {
    await writeTree(folder, Object.fromEntries(known));
    return folder;
  }
  const facts = { ...manifest(threshold), ...states };
  await writeBundle(folder, detector ?? smallUnet(), [partImage(1), partImage(2)], facts);
  await mkdir(join(folder, 'run'));
  const scores = storedScores(await readFile(join(folder, 'model.onnx')));
  for (const side of ['test', 'calibration']) await writeFile(join(folder, 'run', `${side}-scores.json`), scores);
  if (!detector) written.set(key, await filesOf(folder));
  return folder;
}

/** A multipart body: texts are fields, bytes are files. */
export async function form(
  parts: readonly (readonly [name: string, value: string | Uint8Array])[],
): Promise<{ payload: Buffer; headers: Record<string, string> }> {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value)]), 'file');
  }
  const request = new Request('http://localhost', { method: 'POST', body: data });
  return {
    payload: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type')! },
  };
}

/** The parts of a form that uploads a bundle. */
export async function bundleParts(bundle: string, name: string): Promise<[string, string | Uint8Array][]> {
  return [['name', name], ...(await filesOf(bundle))];
}

export interface TestStation {
  readonly station: Station;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** A server that does not listen; tests put requests into it. */
export function serverOf(station: Station, settings: Partial<ServerSettings> = {}): Promise<FastifyInstance> {
  return buildServer(station, {
    hosts: [],
    token: null,
    local: settings.token === undefined,
    imageBytes: 1_000_000,
    requestsPerMinute: 100_000,
    logger: false,
    page: join(station.settings.folder, 'no-page'),
    ...settings,
  });
}

/** A station with an empty data folder, or what an earlier one left there. */
export async function startStation(
  folder: string,
  settings: Partial<StationSettings & ServerSettings> = {},
): Promise<TestStation> {
  const station = await Station.open({
    folder,
    records: { folder },
    store: 'all',
    queue: { limit: 8, workers: 1, threads: 1 },
    maxPixels: 1_000_000,
    train: { command: [process.execPath, compiledFile('cli/main')], threads: 1 },
    ...settings,
  });
  station.begin();
  const app = await serverOf(station, settings);
  return {
    station,
    app,
    close: async () => {
      await app.close();
      await station.close();
    },
  };
}

/** Adds a bundle as the active recipe; gives its id. */
export async function activeRecipe(
  { station: { recipes } }: TestStation,
  bundle: string,
  name = 'rings',
): Promise<string> {
  const by = { by: 'test', at: new Date() };
  const { id } = await recipes.add(await recipes.bundles.copyOf(bundle, await readManifest(bundle)), name, by);
  await recipes.activate(id, by);
  return id;
}

/** Inspects an image as a line would that sends one at a time. */
export function inspectImage(
  { inspections }: Station,
  image: Uint8Array,
  fields: InspectionFields = {},
): Promise<Recorded> {
  return inspections.receive('line', async () => ({ bytes: new Uint8Array(image), fields }));
}

/** Takes all places of the queue; gives what releases them. */
export function fillQueue({ station: { queue } }: TestStation): () => void {
  // of callers of their own, as one alone gets no more than its part
  const taken = Array.from({ length: queue.settings.limit }, (_, i) => queue.admit(`line ${i}`));
  for (const arrival of taken) arrival.takePlace(1);
  return () => {
    for (const arrival of taken) arrival.release();
  };
}

/** Makes a data set of simulated parts, every third of them defective. */
export async function fillDataSet({ dataSets }: Station, name: string, parts: number, size = 64): Promise<string> {
  const change = { by: 'test', at: new Date() };
  const { id } = await dataSets.create(name, change);
  for (let part = 0; part < parts; part++) {
    const label = part % 3 === 2 ? 'defective' : 'good';
    const className = label === 'good' ? 'good' : 'dent';
    const { image } = simulatePart(900 + part, { width: size, height: size, className });
    const png = await sharp(Buffer.from(image), { raw: { width: size, height: size, channels: 1 } })
      .png()
      .toBuffer();
    await dataSets.add(id, png, { name: `part-${part}`, label, ...(label === 'defective' && { className }) }, change);
  }
  return id;
}
