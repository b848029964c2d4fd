/** A detector that runs in the browser gives the station's score and heat map, and no image leaves the browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainedDetector } from '../src/bundle/write.ts';
import { decodeImage } from '../src/data/image/decode.ts';
import { simulatePart } from '../src/data/simulate/bearing-ring/simulate-part.ts';
import { div, greater, mul, reduceMax, where } from '../src/engine/builders.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';
import { canvasGrey } from '../src/train/canvas-grey.ts';
import { smallFlow, smallUnet } from './detectors.ts';
import { StationVisitor, seriousViolations, type Visit } from './station-page.ts';
import { builtPage } from './support/built-page.ts';
import { plainPng, temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';

const folder = temporaryFolders();
let visitor: StationVisitor;
let visit: Visit;

/** Ranges in which the random weights' maps of such parts lie, so that the colours have something to tell. */
const bundles = {
  'a U-Net': async () =>
    smallBundle(join(await folder(), 'unet'), 1e-6, smallUnet(), { mapRange: { low: 0, high: 0.02 } }),
  'a flow': async () =>
    smallBundle(join(await folder(), 'flow'), 1e-6, smallFlow(), { detector: 'flow', mapRange: { low: 12, high: 18 } }),
};

beforeAll(async () => {
  visitor = await StationVisitor.of(await folder(), { page: await builtPage() });
  visit = await visitor.visit('recipes/in-browser');
}, 120_000);
afterAll(() => visitor?.close());

/** The red, green and blue of what the canvas of the map shows, as numbers. */
const drawnMap = (): Promise<number[]> =>
  visit.page.evaluate(`(() => {
    const canvas = document.querySelector('canvas.map');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, i) => i % 4 < 3);
  })()`);

for (const [detector, bundle] of Object.entries(bundles)) {
  test(`${detector} gives the station's score and heat map for the same PNG, and the station hears nothing of it`, async () => {
    const { page, complaints, foreign } = visit;
    await activeRecipe(visitor.own, await bundle(), detector);
    const png = await partPng(40);
    const path = join(await folder(), 'ring-40.png');
    await writeFile(path, png);
    const sent: string[] = [];
    const hear = (request: Request) => request.method() !== 'GET' && sent.push(request.url());
    page.on('request', hear);
    await page.getByText(`“${detector}” is ready.`).waitFor();
    await page.getByLabel('Image to inspect here').setInputFiles(path);
    const result = page.locator('.result');
    await result.getByText('ring-40.png').waitFor();
    const shown = (await result.textContent())!;
    expect(sent).toEqual([]);
    page.off('request', hear);

    const inspect = `${visitor.address}/api/inspections`;
    const headers = { 'content-type': 'image/png' };
    const answer = await fetch(inspect, { method: 'POST', headers, body: new Uint8Array(png) });
    const { id, score, decision } = (await answer.json()) as Inspection;
    expect(Math.abs(Number(/score\s+([\d.e-]+)/.exec(shown)![1]) / score - 1)).toBeLessThan(2e-3);
    expect(shown).toContain(decision);
    expect(shown).toMatch(/[\d.]+ m?s/);

    const map = await (await fetch(`${inspect}/${id}/map`)).arrayBuffer();
    const [stations, plain] = await Promise.all([map, png].map((file) => decodeImage(new Uint8Array(file), 'it')));
    const drawn = await drawnMap();
    expect(drawn.length).toBe(stations!.data.length);
    const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
    // the station keeps its map in 256 steps
    expect(farthest(drawn, stations!.data)).toBeLessThanOrEqual(4);
    expect(farthest(drawn, plain!.data)).toBeGreaterThan(40);
    await page.getByRole('slider', { name: 'Heat map' }).fill('0.2');
    expect(await page.evaluate('getComputedStyle(document.querySelector("canvas.map")).opacity')).toBe('0.2');
    expect(await seriousViolations(page)).toEqual([]);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
}

test('what a browser sees otherwise than the station is left to the station', async () => {
  const { page, complaints } = visit;
  const clear = sharp(new Uint8Array(64 * 64 * 4).fill(100), { raw: { width: 64, height: 64, channels: 4 } });
  const files = {
    'clear.png': [await clear.clone().png().toBuffer(), 'transparent'],
    'turned.webp': [
      await clear.clone().removeAlpha().withMetadata({ orientation: 6 }).webp().toBuffer(),
      'orientation',
    ],
    'deep.png': [await clear.clone().removeAlpha().toColourspace('rgb16').png().toBuffer(), '16 bits'],
  } as const;
  for (const [name, [bytes, why]] of Object.entries(files)) {
    const path = join(await folder(), name);
    await writeFile(path, bytes);
    await page.getByLabel('Image to inspect here').setInputFiles(path);
    await page.getByRole('alert').getByText(why).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Let the station inspect it.');
    expect(await page.locator('.result').count()).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test('a picture of quite another size is for a person here too, and says both sizes', async () => {
  const { page, complaints } = visit;
  const spans = { height: { least: 64, most: 64 }, width: { least: 96, most: 96 } };
  const pictureSizes = {
    policy: 'review',
    told: false,
    images: 9,
    ...spans,
    proportion: { least: 1.5, most: 1.5 },
  } as const;
  const bundle = await smallBundle(join(await folder(), 'sized'), 1e9, smallUnet(), { pictureSizes });
  await activeRecipe(visitor.own, bundle, 'sized');
  await page.getByText('“sized” is ready.').waitFor();
  for (const [width, height, shown] of [
    [64, 96, /REVIEW.*0\.67 times as wide as high/s],
    [102, 66, /OK/],
  ] as const) {
    const path = join(await folder(), `${width}.png`);
    await writeFile(path, await partPng(7, width, height));
    await page.getByLabel('Image to inspect here').setInputFiles(path);
    await page.locator('.result').getByText(`${width}.png`).waitFor();
    expect(await page.locator('.result').textContent()).toMatch(shown);
  }
  expect(complaints).toEqual([]);
});

test('a picture that shows nothing is for a person here too, and says why', async () => {
  const { page, complaints } = visit;
  const path = join(await folder(), 'dead-camera.png');
  await writeFile(path, await plainPng(0, 96, 64));
  await page.getByLabel('Image to inspect here').setInputFiles(path);
  await page.locator('.result').getByText('dead-camera.png').waitFor();
  expect(await page.locator('.result').textContent()).toMatch(/REVIEW.*no picture/s);
  expect(complaints).toEqual([]);
});

test('a map that is not finite at one place is no decision here either', async () => {
  const { page, complaints } = visit;
  // 0 / 0 where the picture is white, which the maximum passes over
  const faulty: TrainedDetector = {
    inspection: (pixels) => {
      const grey = canvasGrey(pixels, { height: 64, width: 96, fit: 'stretch' });
      const flag = where(greater(grey, 0.99), 0, 1);
      const map = mul(grey, div(flag, flag));
      return { map, score: reduceMax(map) };
    },
    weights: new Map(),
  };
  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'faulty'), 2, faulty), 'faulty');
  const { image } = simulatePart(5, { width: 96, height: 64, className: 'good' });
  const pictures = { 'whole.png': image, 'white-line.png': Uint8Array.from(image).fill(255, 96 * 30, 96 * 40) };
  const raw = { width: 96, height: 64, channels: 1 } as const;
  await page.getByText('“faulty” is ready.').waitFor();
  for (const [name, grey] of Object.entries(pictures)) {
    const path = join(await folder(), name);
    await writeFile(path, await sharp(Buffer.from(grey), { raw }).png().toBuffer());
    await page.getByLabel('Image to inspect here').setInputFiles(path);
    if (name === 'whole.png') await page.locator('.result').getByText(name).waitFor();
  }
  await page.getByRole('alert').getByText('is NaN').waitFor();
  expect(await page.locator('.result').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("the camera's picture is inspected here too, and the camera stops", async () => {
  const { page, complaints } = visit;
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await page.getByRole('button', { name: "Inspect the camera's picture" }).click();
  await page.locator('.result').getByText('Camera').waitFor();
  expect(await page.locator('.result').textContent()).toMatch(/score\s+[\d.]/);
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  expect(await page.locator('video').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('WebAssembly may be compiled in the worker alone', async () => {
  const { page } = visit;
  const policy = async (path: string) =>
    (await fetch(`${visitor.address}${path}`)).headers.get('content-security-policy')!;
  expect(await policy('/')).not.toContain('wasm');
  const worker = page.workers()[0]!.url();
  expect(await policy(new URL(worker).pathname)).toContain("'wasm-unsafe-eval'");
});
