/** The guide's pictures of what an engineer does beside the line: labelling, training, comparing, looking up who changed what. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { DataSet, ImageChange } from '../src/station/contract/datasets.ts';
import type { InspectionPage } from '../src/station/contract/inspections.ts';
import type { Training } from '../src/station/contract/training.ts';
import type { StationVisitor } from '../test/station-page.ts';
import { type RecordedComparison, recordPath } from './results-doc.ts';

/** A row of the simulated parts' manifest. */
export interface Part {
  readonly image: string;
  /** Empty for a good part. */
  readonly mask: string;
  readonly class: string;
  readonly part_group: string;
  readonly fold: string;
}

interface Pictures {
  readonly visitor: StationVisitor;
  readonly page: Page;
  /** The folder of the simulated parts, and what its manifest says of them. */
  readonly folder: string;
  readonly parts: readonly Part[];
  readonly photograph: (name: string) => Promise<void>;
}

/** Of the parts, every so many go into the data set. */
const EVERY = 2;

async function ask<T>(visitor: StationVisitor, method: string, path: string, body?: object | Buffer): Promise<T> {
  const bytes = Buffer.isBuffer(body);
  const answer = await fetch(`${visitor.address}${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': bytes ? 'image/png' : 'application/json' },
      body: bytes ? new Uint8Array(body) : JSON.stringify(body),
    }),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** A data set of the parts with their masks; gives its id and the hash of an image that has one. */
async function fill({ visitor, folder, parts }: Pictures): Promise<{ id: string; masked: string }> {
  const { id } = await ask<DataSet>(visitor, 'POST', '/api/datasets', { name: 'Ring faces', by: 'Kim' });
  let masked = '';
  for (const part of parts.filter((_, i) => i % EVERY === 0)) {
    const good = part.class === 'good';
    const query = new URLSearchParams({
      name: part.image.slice(part.image.lastIndexOf('/') + 1),
      label: good ? 'good' : 'defective',
      ...(!good && { className: part.class }),
      partGroup: part.part_group,
      by: 'Kim',
    });
    const to = `/api/datasets/${id}/images`;
    const { image } = await ask<ImageChange>(
      visitor,
      'POST',
      `${to}?${query}`,
      await readFile(join(folder, part.image)),
    );
    if (good || part.mask === '') continue;
    await ask(visitor, 'PUT', `${to}/${image!.hash}/mask?by=Kim`, await readFile(join(folder, part.mask)));
    if (part.class === 'scratch' || masked === '') masked = image!.hash;
  }
  return { id, masked };
}

async function photographLabelling(pictures: Pictures): Promise<string> {
  const { visitor, page, photograph } = pictures;
  const { id, masked } = await fill(pictures);
  await page.goto(`${visitor.address}/#/datasets/${id}`);
  await page.locator('[data-hash] img').first().waitFor();
  await page.waitForTimeout(500);
  await photograph('data-set');
  await page.goto(`${visitor.address}/#/datasets/${id}?image=${masked}`);
  await page.getByText('Saved.').waitFor();
  await page.waitForTimeout(500);
  await photograph('mask');
  return id;
}

async function photographTraining({ visitor, page, photograph }: Pictures, dataSet: string): Promise<void> {
  const settings = { detector: 'flow', epochs: 8, size: 96 };
  const wanted = { name: 'Ring faces, first try', dataSet, settings, by: 'Kim' };
  const { id } = await ask<Training>(visitor, 'POST', '/api/trainings', wanted);
  await page.goto(`${visitor.address}/#/training/${id}`);
  await page.getByRole('heading', { name: 'What came of it' }).waitFor({ timeout: 600_000 });
  await page.waitForTimeout(500);
  await photograph('training');
}

/** The comparison of simulated parts whose figures stand in docs/results.md, as if it had been made in the station's folder. */
async function photographComparison({ visitor, page, photograph }: Pictures): Promise<void> {
  const recorded = JSON.parse(await readFile(recordPath('simulated-bearing-rings'), 'utf8')) as RecordedComparison;
  const folder = join(visitor.own.station.settings.folder, 'comparisons', 'rings');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), '{}');
  await writeFile(join(folder, 'comparison.json'), JSON.stringify(recorded.comparison));
  await page.goto(`${visitor.address}/#/comparisons`);
  await page.locator('article').first().waitFor();
  await photograph('comparisons');
}

async function photographInBrowser({ visitor, page, folder, parts, photograph }: Pictures): Promise<void> {
  await page.goto(`${visitor.address}/#/recipes/in-browser`);
  const { inspections } = await visitor.get<InspectionPage>('/api/inspections?decision=NG&limit=500');
  const [worst] = inspections.toSorted((a, b) => b.score - a.score);
  const defective = parts.find(({ image }) => image.endsWith(`/${worst!.part}.png`))!;
  const chooser = page.getByLabel('Image to inspect here');
  await page.getByText('is ready.').waitFor();
  await chooser.setInputFiles(join(folder, defective.image));
  await page.locator('.result').waitFor();
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await photograph('in-browser');
}

export async function photographEngineering(pictures: Pictures): Promise<void> {
  await photographTraining(pictures, await photographLabelling(pictures));
  await photographComparison(pictures);
  await photographInBrowser(pictures);
  const { visitor, page, photograph } = pictures;
  await page.goto(`${visitor.address}/#/audit`);
  await page.locator('main li').first().waitFor();
  await page.waitForTimeout(500);
  await photograph('audit');
}
