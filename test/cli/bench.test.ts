/** `felfri bench` through the command line: what it measures, with what, and what it refuses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSmallFlow } from '../support/bundle.ts';
import { temporaryFolders, writeTree } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let bundle: string;

beforeAll(async () => {
  work = await folder();
  bundle = join(work, 'flow');
  await writeSmallFlow(bundle);
});

const short = ['--seconds', '0.2', '--quiet'];

describe('felfri bench', () => {
  it('measures by the golden images where none are named, for each number of threads, and the start', async () => {
    const args = ['bench', bundle, '--threads', '1,2', '--starts', '1', '--json', ...short];
    const { code, stdout, stderr } = await felfri(args);
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      bundle,
      images: 1,
      results: [{ threads: 1 }, { threads: 2 }],
      start: { images: 1 },
      profile: null,
    });
    for (const { latency, partsPerMinute, memory, parts, open } of report.results) {
      expect(latency.images).toBeGreaterThanOrEqual(5);
      expect(latency.least).toBeGreaterThan(0);
      expect(latency.p50).toBeLessThanOrEqual(latency.p95);
      expect(latency.p95).toBeLessThanOrEqual(latency.p99);
      expect(latency.p99).toBeLessThanOrEqual(latency.largest);
      expect(Math.min(parts.read, parts.detect)).toBeGreaterThan(0);
      expect(partsPerMinute).toBeGreaterThan(0);
      expect(memory).toBeGreaterThan(10);
      expect(open).toBeGreaterThan(0);
    }
    // a process has to load and check before it decides
    expect(report.start.least).toBeGreaterThan(report.results[0].latency.least);
    expect([1, 2]).toContain(report.best.latency);
  });

  it('takes images and folders, leaves out what is no image, and says it', async () => {
    const parts = join(work, 'parts');
    await writeTree(parts, { 'b.png': 80, 'c.png': 120 });
    // the first one, so that the start must be timed with another
    await writeFile(join(parts, 'a-broken.png'), 'none');
    const { code, stdout, stderr } = await felfri([
      'bench',
      bundle,
      parts,
      '--threads',
      '1',
      '--starts',
      '1',
      '--seconds',
      '0.2',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('left out');
    expect(stderr).toContain('a-broken.png');
    expect(stdout).toMatch(/threads +p50 +p95 +p99 .*parts a minute/);
    expect(stdout).toContain('Quickest here: --threads 1.');
    expect(stdout).toContain('2 images');
    expect(stdout).toMatch(/From process start to the first decision: \d+ ms/);
  });

  it('shares the time of an inspection out among operators', async () => {
    const args = ['bench', bundle, '--threads', '1', '--starts', '0', '--profile', ...short];
    const [text, json] = [await felfri(args), await felfri([...args, '--json'])];
    expect([text.code, text.stderr, json.code]).toEqual([0, '', 0]);
    const { profile } = JSON.parse(json.stdout);
    expect(profile.threads).toBe(1);
    expect(profile.runs).toBeGreaterThanOrEqual(5);
    const names = profile.operators.map(({ operator }: { operator: string }) => operator);
    expect(names).toContain('Conv');
    expect(new Set(names).size).toBe(names.length);
    const sum = (field: string): number =>
      profile.operators.reduce((total: number, o: Record<string, number>) => total + o[field]!, 0);
    expect(sum('share')).toBeCloseTo(1, 6);
    expect(sum('milliseconds')).toBeLessThanOrEqual(profile.milliseconds);
    expect(text.stdout).toMatch(/By operator, 1 thread, the mean of \d+ inspections: [\d.]+ of [\d.]+ ms in operators/);
    expect(text.stdout).toMatch(/^Conv +\d+ +\d+\.\d\d +\d+\.\d %$/m);
  });

  it('refuses what it cannot measure', async () => {
    const none = await felfri(['bench', join(work, 'nothing'), ...short]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('BUNDLE_INVALID')]);
    const unread = await felfri(['bench', bundle, join(work, 'missing.png'), '--threads', '1', ...short]);
    expect([unread.code, unread.stderr]).toEqual([2, expect.stringContaining('IMAGE_MISSING')]);
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    const device = await felfri(['bench', bundle, '--device', absent, ...short]);
    expect([device.code, device.stderr]).toEqual([
      2,
      expect.stringContaining(`DEVICE_MISSING: unsupported device ${absent} here: should be one of cpu`),
    ]);
    const unknown = await felfri(['bench', bundle, '--device', 'tpu', ...short]);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('Legal are cpu, webgpu, cuda, dml, coreml.'),
    ]);
    const threads = await felfri(['bench', bundle, '--threads', '0', ...short]);
    expect([threads.code, threads.stderr]).toEqual([2, expect.stringContaining('whole numbers of at least 1')]);
  });
});
