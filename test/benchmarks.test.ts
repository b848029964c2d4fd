/** What `npm run bench` makes of its measurements. */
import { describe, expect, it } from 'vitest';
import { benchmarksDocument, memoryTable, timesTable } from '../bench/document.ts';
import { type BenchResults, type CaseResult, speedRatios, summarise } from '../bench/results.ts';

const measured: CaseResult = {
  name: 'flow',
  title: 'flow: small',
  arguments: ['csflow'],
  own: [
    { parameters: 1_234_567, train_step_s: 2, inference_s: 0.02, peak_rss_mb: 100 },
    { parameters: 1_234_567, train_step_s: 4, inference_s: 0.03, peak_rss_mb: 300 },
    { parameters: 1_234_567, train_step_s: 1, inference_s: 0.04, peak_rss_mb: 200 },
  ],
  peer: [
    { parameters: 1_234_567, train_step_s: 1, inference_s: 0.04, peak_rss_mb: 50 },
    { parameters: 1_234_567, train_step_s: 6, inference_s: 0.03, peak_rss_mb: 50 },
    { parameters: 1_234_567, train_step_s: 1, inference_s: 0.02, peak_rss_mb: 50 },
  ],
};
const results: BenchResults = {
  date: '2026-01-02T03:04:05.678Z',
  quick: false,
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, platform: 'linux x64', loadBefore: 0.1 },
  versions: { felfri: '0.1.0' },
  threads: 2,
  cases: [measured],
};

describe('summarise', () => {
  it('gives median, least and largest', () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, least: 1, largest: 3 });
    expect(summarise([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, largest: 4 });
    expect(summarise([])).toBeUndefined();
  });
});

describe('speed', () => {
  it('is the time of the peer over ours, pair by pair', () => {
    expect(speedRatios(measured, 'train_step_s')).toEqual([0.5, 1.5, 1]);
    expect(speedRatios(measured, 'inference_s')).toEqual([2, 1, 0.5]);
  });

  it('is unknown without a peer, or for what was not measured', () => {
    expect(speedRatios({ ...measured, peer: [] }, 'inference_s')).toEqual([]);
    const features = { ...measured, own: [{ peak_rss_mb: 1, inference_s: 1 }] };
    expect(speedRatios(features, 'train_step_s')).toEqual([]);
  });
});

describe('the tables', () => {
  it('hold both sides and the median of the pairs', () => {
    expect(timesTable(results)).toContain(
      '| flow: small | training step | 2.00 s (1.00 s to 4.00 s) | 1.00 s (1.00 s to 6.00 s) | 1.00 (0.50 to 1.50) |',
    );
    expect(memoryTable(results)).toContain(
      '| flow: small | 1,234,567 | 200 MB (100 MB to 300 MB) | 50 MB (50 MB to 50 MB) |',
    );
  });

  it('leave the peer out where there was none, and the training step where nothing trains', () => {
    const features = { ...measured, own: [{ peak_rss_mb: 7, inference_s: 0.0123 }], peer: [] };
    const table = timesTable({ ...results, cases: [features] });
    expect(table).toContain('| flow: small | inference | 12.3 ms | - | - |');
    expect(table).not.toContain('training step');
  });

  it('stand in the document with date and machine', () => {
    const text = benchmarksDocument(results);
    expect(text).toContain('2026-01-02 03:04 UTC');
    expect(text).toContain('a processor, 2 cores, 8 GiB of memory, linux x64');
    expect(text).toContain(timesTable(results));
  });
});
