/** A model that is let in by its operators and then takes all memory, or never ends, costs its own upload and nothing else. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { OnnxNode } from '../../src/engine/onnx/schema.ts';
import { node, weight } from '../onnx-file.ts';
import { alteredBundle } from '../support/altered-bundle.ts';
import { temporaryFolders } from '../support/folder.ts';
import { constantOf, hostile, numbers } from '../support/hostile-model.ts';
import { activeRecipe, bundleParts, form, partPng, smallBundle, startStation } from '../support/station.ts';

const folder = temporaryFolders();
let data: string;
let bundle: string;
let id: string;

beforeAll(async () => {
  data = await folder();
  const own = await startStation(data);
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  id = await activeRecipe(own, bundle);
  await own.close();
});

/** A number that hangs on the pixels, so that nothing is computed before there are some. */
const fromPixels = (name: string): OnnxNode[] => [
  node('Cast', ['pixels'], ['float'], { to: 1 }),
  node('ReduceMax', ['float'], ['largest'], { keepdims: 0 }),
  node('Mul', ['largest', 's'], ['none']),
  node('Add', ['none', 'value'], [name]),
];

const scored = (by: string): OnnxNode[] => [
  node('ReduceMax', [by], ['score'], { keepdims: 0 }),
  node('Identity', ['m'], ['map']),
];

/** 32,000 x 32,000 values: 4 GB, by a size that no file states. */
const endlessMemory = () =>
  hostile({
    node: [
      ...fromPixels('side'),
      node('Reshape', ['side', 'size'], ['row']),
      node('Concat', ['row', 'row'], ['sides'], { axis: 0 }),
      node('Cast', ['sides'], ['shape'], { to: 7 }),
      node('Expand', ['side', 'shape'], ['much']),
      ...scored('much'),
    ],
    initializer: [...numbers, weight('value', [], () => 32_000), constantOf([1], [1n])],
  });

/** Hours of matrix products. */
const MATRICES = 20_000;
const endlessTime = () =>
  hostile({
    node: [
      ...fromPixels('x'),
      node('Expand', ['x', 'size'], ['p0']),
      ...Array.from({ length: MATRICES }, (_, i) => node('MatMul', [`p${i}`, `p${i}`], [`p${i + 1}`])),
      ...scored(`p${MATRICES}`),
    ],
    initializer: [...numbers, weight('value', [], () => 0), constantOf([2], [2000n, 2000n])],
  });

it.each<[string, () => Uint8Array, number, RegExp]>([
  // a system that has less refuses it at once
  ['all memory', endlessMemory, 100, /check of its model was ended .*MB of memory|the model fails/],
  ['all time', endlessTime, 4, /check of its model was ended \(no answer in 4 s\)/],
])('a model that takes %s is refused, and the line goes on meanwhile', async (_, model, checkSeconds, said) => {
  const own = await startStation(data, { queue: { limit: 8, workers: 1, threads: 1, checkSeconds } });
  const sent = await alteredBundle(bundle, join(await folder(), 'sent'), { model });
  const request = await form(await bundleParts(sent, 'hostile'));
  const upload = own.app.inject({ method: 'POST', url: '/api/recipes', ...request });
  let isOver = false;
  void upload.then(() => {
    isOver = true;
  });
  const headers = { 'content-type': 'image/png' };
  const statuses = new Set<number>();
  for (let i = 0; !isOver; i++) {
    const payload = await partPng(i % 5);
    statuses.add((await own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers })).statusCode);
    // nor does a change of thresholds wait
    const url = `/api/recipes/${id}`;
    statuses.add((await own.app.inject({ method: 'PATCH', url, payload: { ng: 4 + i } })).statusCode);
  }
  expect([...statuses].sort()).toEqual([200, 201]);
  const answer = await upload;
  expect([answer.statusCode, answer.json().message]).toEqual([422, expect.stringMatching(said)]);
  expect((await own.app.inject({ url: '/ready' })).statusCode).toBe(200);
  await own.close();
});
