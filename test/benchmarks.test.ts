/** What `npm run bench` makes of its measurements. */
import { describe, expect, it } from 'vitest';
import { operationsOf } from '../bench/arithmetic.ts';
import { aimsTable, benchmarksDocument } from '../bench/document.ts';
import { outcome, type Row, ratios, summarise, type TaskResult } from '../bench/results.ts';
import { rows } from '../bench/rows.ts';
import { tasks } from '../bench/tasks.ts';
import { conv, convTranspose, matMul } from '../src/engine/builders.ts';
import { createGraph } from '../src/engine/operators/table.ts';

const measured: TaskResult = {
  date: '2026-01-02T03:04:05.678Z',
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, platform: 'linux x64' },
  versions: { felfri: '0.1.0' },
  threads: 2,
  others: [0.1, 0.2],
  seconds: 60,
  own: [
    { train_step_s: 2, train_peak_rss_mb: 100 },
    { train_step_s: 4, train_peak_rss_mb: 300 },
    { train_step_s: 1, train_peak_rss_mb: 200 },
  ],
  peer: [
    { train_step_s: 1, peak_rss_mb: 50 },
    { train_step_s: 6, peak_rss_mb: 50 },
    { train_step_s: 1, peak_rss_mb: 50 },
  ],
};
const speed: Row = {
  title: 'a step',
  task: 'flow',
  ours: { side: 'own', of: (m) => m['train_step_s'] },
  theirs: { side: 'peer', of: (m) => m['train_step_s'] },
  unit: 'seconds',
  ratio: 'quicker',
  aim: { least: 1.2 },
};

describe('summarise', () => {
  it('gives median, least and largest', () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, least: 1, largest: 3 });
    expect(summarise([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, largest: 4 });
    expect(summarise([])).toBeUndefined();
  });
});

describe('a row', () => {
  it('has the time of the other over ours, or its share, pair by pair', () => {
    expect(ratios(speed, measured)).toEqual([0.5, 1.5, 1]);
    expect(ratios({ ...speed, ratio: 'share' }, measured)).toEqual([2, 4 / 6, 1]);
    expect(ratios({ ...speed, ratio: 'itself' }, measured)).toEqual([2, 4, 1]);
  });

  it('tells small differences apart where it is of an AUROC', () => {
    const row = rows.find(({ unit }) => unit === 'AUROC')!;
    const result = { ...measured, own: [{ auroc_difference: 0.0012 }, { auroc_difference: 0.0034 }], peer: [] };
    const table = aimsTable({ [row.task!]: result });
    expect(table).toContain('0.0023 (0.0012 to 0.0034) | <= 0.003 | 2 | met |');
  });

  it('counts only pairs of which both sides were measured', () => {
    expect(ratios(speed, { ...measured, peer: measured.peer.slice(0, 1) })).toEqual([0.5]);
    expect(ratios(speed, { ...measured, peer: [] })).toEqual([]);
    expect(ratios(speed, undefined)).toEqual([]);
  });

  it('meets or misses its aim by the median', () => {
    expect(outcome(speed, measured)).toBe('missed');
    expect(outcome({ ...speed, aim: { least: 1 } }, measured)).toBe('met');
    expect(outcome({ ...speed, aim: { most: 1 } }, measured)).toBe('met');
    expect(outcome({ ...speed, aim: { most: 0.9 } }, measured)).toBe('missed');
    expect(outcome(speed, { ...measured, peer: [] })).toBe('not measured');
  });
});

describe('the document', () => {
  it('has every aim, what was measured and what was not', () => {
    const table = aimsTable({ flow: measured });
    for (const row of rows) expect(table).toContain(`| ${row.title} |`);
    expect(table).toContain(
      '| 2.00 s (1.00 s to 4.00 s) | 1.00 s (1.00 s to 6.00 s) | 1.00 (0.50 to 1.50) | >= 1.2 | 3 | missed |',
    );
    expect(table).toContain(
      '| 200 MB (100 MB to 300 MB) | 50 MB (50 MB to 50 MB) | 4.00 (2.00 to 6.00) | <= 1 | 3 | missed |',
    );
    expect(table).toMatch(/U-Net training step.* - \| - \| - \| >= 1.3 \| 0 \| not measured/);
  });

  it('says when, on which machine, beside how much other work and with which problem', () => {
    const text = benchmarksDocument({ flow: { ...measured, problem: 'no peer' } });
    expect(text).toContain('2026-01-02 03:04');
    expect(text).toContain('a processor, 2 cores, 8 GiB of memory, linux x64; felfri 0.1.0');
    expect(text).toContain('0.10, 0.20 | 3 + 3 in 60 s; no peer');
    expect(text).toContain('not run');
  });

  it('warns when other work ran beside it', () => {
    expect(benchmarksDocument({ flow: measured })).not.toContain('Beside other work');
    const text = benchmarksDocument({ flow: { ...measured, others: [1.5, 0.1] }, unet: measured });
    expect(text).toContain(
      '**Beside other work.** 1 of 2 tasks began or ended while other work kept up to 1.5 cores busy',
    );
  });

  it('sets a graphics card beside the processor and the peer, run by run', () => {
    expect(benchmarksDocument({ flow: measured })).not.toContain('graphics card');
    const text = benchmarksDocument(
      { flow: measured },
      {
        date: measured.date,
        machine: measured.machine,
        card: 'a card',
        device: 'webgpu',
        versions: measured.versions,
        threads: 2,
        tasks: {
          flow: [
            { device: { train_step_s: 0.5 }, processor: { train_step_s: 2 } },
            { device: { train_step_s: 1 }, processor: { train_step_s: 8 }, peer: { train_step_s: 0.25 } },
          ],
        },
      },
    );
    expect(text).toContain('`--device webgpu` on a card, beside a processor with 2 threads of 2 cores; felfri 0.1.0');
    // the peer's first run failed, so that only the second is a pair
    expect(text).toContain(
      'training step | 750 ms (500 ms to 1.00 s) | 5.00 s (2.00 s to 8.00 s) | 6.00 (4.00 to 8.00) | 250 ms | 0.250 |',
    );
  });

  it('takes its rows from tasks that there are', () => {
    const names = new Set(tasks.map(({ name }) => name));
    expect(rows.flatMap(({ task }) => task ?? []).filter((task) => !names.has(task))).toEqual([]);
  });
});

describe('operations', () => {
  it('are two for each weight that an output meets', () => {
    const graph = createGraph();
    const x = graph.input('x', [2, 4, 8, 8]);
    expect(operationsOf([conv(x, graph.input('a', [6, 4, 3, 3]), undefined, { pads: 1 })])).toBe(2 * 2 * 6 * 64 * 36);
    expect(operationsOf([conv(x, graph.input('b', [4, 1, 3, 3]), undefined, { pads: 1, group: 4 })])).toBe(
      2 * 2 * 4 * 64 * 9,
    );
    expect(operationsOf([convTranspose(x, graph.input('c', [4, 3, 2, 2]), undefined, { strides: [2, 2] })])).toBe(
      2 * 2 * 4 * 64 * 12,
    );
    expect(operationsOf([matMul(graph.input('d', [5, 3, 7]), graph.input('e', [7, 2]))])).toBe(2 * 5 * 3 * 2 * 7);
  });
});
