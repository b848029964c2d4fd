/** Comparisons through HTTP: what is listed, and that nothing beside them is served. */
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { startStation, type TestStation } from '../../../test/support/station.ts';
import { syntheticComparison } from '../../../test/synthetic-comparison.ts';
import { comparisonTable } from '../../judge/comparison-summary.ts';
import { renderComparison } from '../../judge/report/comparison-report.ts';
import type { Comparison, ComparisonList } from '../contract/comparisons.ts';

const folder = temporaryFolders();
let root: string;
let own: TestStation;
let table: ReturnType<typeof comparisonTable>;

const get = (url: string) => own.app.inject({ url });
const list = async () => (await get('/api/comparisons')).json<ComparisonList>();

beforeAll(async () => {
  const data = await folder();
  own = await startStation(data);
  expect(await list()).toEqual({ comparisons: [], unfinished: [], unreadable: [] });
  root = join(data, 'comparisons');
  const input = await syntheticComparison();
  table = comparisonTable(input.comparison);
  const put = async (name: string, created: string, report: boolean) => {
    await mkdir(join(root, name), { recursive: true });
    await writeFile(join(root, name, 'settings.json'), '{}');
    await writeFile(
      join(root, name, 'comparison.json'),
      JSON.stringify({ ...input.comparison, created, table }, null, 2),
    );
    if (report) await writeFile(join(root, name, 'report.html'), renderComparison(input));
  };
  await put('rings', input.comparison.created, true);
  await put('later', '2026-01-01T00:00:00.000Z', false);
  await mkdir(join(root, 'under-way'));
  await writeFile(join(root, 'under-way', 'settings.json'), '{}');
  await mkdir(join(root, 'notes'));
  await writeFile(join(data, 'secret.html'), 'secret');
});
afterAll(() => own.close());

describe('comparisons', () => {
  it('are listed newest first with the very figures of their tables, and those that still run beside them', async () => {
    const { comparisons, unfinished, unreadable } = await list();
    expect(comparisons.map(({ name, report }) => [name, report])).toEqual([
      ['later', false],
      ['rings', true],
    ]);
    expect([unfinished, unreadable]).toEqual([['under-way'], []]);
    const rings = (await get('/api/comparisons/rings')).json<Comparison>();
    expect(rings).toEqual(comparisons[1]);
    expect(rings.dataSet.name).toBe('drawn-rings');
    expect(rings.protocols.map(({ protocol }) => protocol)).toEqual(['honest', 'paper']);
    const rows = rings.protocols.flatMap(({ rows }) => rows);
    expect(rows.map(({ auroc, recall, falseAlarmRate }) => [auroc, recall, falseAlarmRate])).toEqual(
      table.map(({ figures: { auroc, recall, falseAlarmRate } }) => [auroc, recall, falseAlarmRate]),
    );
    const [unet] = rows;
    expect(unet).toMatchObject({ detector: 'U-Net', chosenOn: 'calibration', over: 'all', sequences: 5 });
    expect(unet!.aurocInterval!.low).toBeLessThan(unet!.auroc!.mean);
    expect(unet!.aurocInterval!.high).toBeGreaterThan(unet!.auroc!.mean);
  });

  it('show their report as a page that may do nothing', async () => {
    const report = await get('/api/comparisons/rings/report');
    expect(report.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(report.headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none';/);
    expect(report.headers['content-security-policy']).not.toMatch(/allow-same-origin|https?:|'self'/);
    expect(report.headers['x-content-type-options']).toBe('nosniff');
    expect(report.body).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
    for (const name of ['later', 'under-way', 'notes', 'none'])
      expect((await get(`/api/comparisons/${name}/report`)).json(), name).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lead nowhere else, by names or by links', async () => {
    const names = [
      '..',
      '%2e%2e',
      '..%2f..',
      'rings%2f..',
      '%2e',
      'rings%00',
      'rings%5c..',
      '-rf',
      `r${'s'.repeat(200)}`,
    ];
    for (const name of names)
      for (const rest of ['', '/report']) {
        const { statusCode, body } = await get(`/api/comparisons/${name}${rest}`);
        expect([400, 404, 414], `${name}${rest}`).toContain(statusCode);
        expect(body).not.toContain('secret');
      }
    await symlink(join(root, 'rings'), join(root, 'linked'));
    await mkdir(join(root, 'inner-link'));
    await symlink(join(root, '..', 'secret.html'), join(root, 'inner-link', 'report.html'));
    await symlink(join(root, 'rings', 'comparison.json'), join(root, 'inner-link', 'comparison.json'));
    await mkdir(join(root, 'folders', 'report.html'), { recursive: true });
    for (const name of ['linked', 'inner-link', 'folders'])
      for (const rest of ['', '/report'])
        expect((await get(`/api/comparisons/${name}${rest}`)).statusCode, name + rest).toBe(404);
    expect((await list()).comparisons.map(({ name }) => name)).toEqual(['later', 'rings']);
  });

  it('that cannot be read are named with why, and stop no others; what changes is read again', async () => {
    await mkdir(join(root, 'torn'));
    await writeFile(join(root, 'torn', 'comparison.json'), '{"schema": 1, "created"');
    await mkdir(join(root, 'other'));
    await writeFile(join(root, 'other', 'comparison.json'), '{"schema": 7}');
    const { comparisons, unreadable } = await list();
    expect(comparisons).toHaveLength(2);
    expect(unreadable.map(({ name }) => name)).toEqual(['other', 'torn']);
    for (const { problem } of unreadable) expect(problem).not.toContain(root);
    expect((await get('/api/comparisons/torn')).statusCode).toBe(404);

    const path = join(root, 'later', 'comparison.json');
    const changed = { ...(await syntheticComparison()).comparison, created: '2027-01-01T00:00:00Z', table: [] };
    await writeFile(`${path}.new`, JSON.stringify(changed));
    await rename(`${path}.new`, path);
    expect((await list()).comparisons[0]).toMatchObject({ name: 'later', createdAt: changed.created });
  });
});
