/** A detector that runs in the browser gives the station's score, and no image leaves the browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inspection } from '../src/station/contract/inspections.ts';
import { buildPage, StationVisitor, seriousViolations, type Visit } from './station-page.ts';
import { temporaryFolders } from './support/folder.ts';
import { activeRecipe, partPng, smallBundle } from './support/station.ts';

const folder = temporaryFolders();
let visitor: StationVisitor;
let visit: Visit;

beforeAll(async () => {
  visitor = await StationVisitor.of(await folder(), { page: await buildPage(await folder()) });
  await activeRecipe(visitor.own, await smallBundle(join(await folder(), 'tiny'), 1e-6), 'Ring faces');
  visit = await visitor.visit('recipes/in-browser');
}, 120_000);
afterAll(() => visitor?.close());

test('the score is that of the station for the same PNG, and the station hears nothing of it', async () => {
  const { page, complaints, foreign } = visit;
  const png = await partPng(40);
  const path = join(await folder(), 'ring-40.png');
  await writeFile(path, png);
  const sent: string[] = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  await page.getByText('“Ring faces” is ready.').waitFor();
  await page.getByLabel('Image to inspect here').setInputFiles(path);
  const result = page.locator('.result');
  await result.getByText('ring-40.png').waitFor();
  const shown = (await result.textContent())!;
  const inspect = `${visitor.address}/api/inspections`;
  const headers = { 'content-type': 'image/png' };
  const answer = await fetch(inspect, { method: 'POST', headers, body: new Uint8Array(png) });
  const { score, decision } = (await answer.json()) as Inspection;
  expect(Math.abs(Number(/score\s+([\d.e-]+)/.exec(shown)![1]) / score - 1)).toBeLessThan(2e-3);
  expect(shown).toContain(decision);
  expect(shown).toMatch(/[\d.]+ m?s/);
  expect(sent).toEqual([]);
  expect(await seriousViolations(page)).toEqual([]);
  expect(foreign).toEqual([]);
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
