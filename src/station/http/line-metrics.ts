/** What Prometheus reads of the line: each source and output by the same few numbers, a row each. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LineOutput, LineSource, Line as LineTold } from '../contract/line.ts';

interface Row {
  readonly name: `felfri_line_${string}`;
  readonly help: string;
  readonly of: typeof Counter | typeof Gauge;
  /** Null where there is none yet. */
  readonly source: (source: LineSource) => number | null;
  readonly output: (output: LineOutput) => number | null;
}

/** For so long one look serves all rows. */
const LOOK_MILLIS = 500;

const ageOf = (at: string | null): number | null =>
  at === null ? null : Math.max(0, (Date.now() - Date.parse(at)) / 1000);

export const lineRows: readonly Row[] = [
  {
    name: 'felfri_line_connected',
    help: '1 where a source or output reaches its other side, else 0',
    of: Gauge,
    source: ({ connected }) => Number(connected),
    output: ({ connected }) => Number(connected),
  },
  {
    name: 'felfri_line_exchanges_total',
    help: 'Since the start: images of a source that were decided on, parts that the other side of an output took',
    of: Counter,
    source: ({ decided }) => decided,
    output: ({ exchanges }) => exchanges,
  },
  {
    name: 'felfri_line_failures_total',
    help: 'Since the start: images of a source that gave no decision and restarts of it, tries of an output that failed',
    of: Counter,
    source: ({ notInspected, restarts }) => notInspected + restarts,
    output: ({ failures }) => failures,
  },
  {
    name: 'felfri_line_waiting',
    help: 'Images of a source that are not on record yet, parts that the other side of an output did not take yet',
    of: Gauge,
    source: ({ waiting }) => waiting,
    output: ({ waiting }) => waiting,
  },
  {
    name: 'felfri_line_last_exchange_age_seconds',
    help: 'Since the last image of a source, or the last part that an output was rid of; absent before the first',
    of: Gauge,
    source: ({ lastImageAt }) => ageOf(lastImageAt),
    output: ({ lastExchange }) => ageOf(lastExchange),
  },
];

/** `told`: how the line fares; where that cannot be known now, nothing is said of it. */
export function addLineMetrics(register: Registry, told: () => Promise<LineTold>): void {
  let look: Promise<LineTold | null> = Promise.resolve(null);
  let lookedAt = Number.NEGATIVE_INFINITY;
  const now = (): Promise<LineTold | null> => {
    if (performance.now() - lookedAt < LOOK_MILLIS) return look;
    lookedAt = performance.now();
    look = told().catch(() => null);
    return look;
  };
  for (const { name, help, of: Metric, source, output } of lineRows)
    new Metric({
      name,
      help,
      labelNames: ['direction', 'name', 'kind'],
      registers: [register],
      async collect() {
        this.reset();
        const line = await now();
        const samples = [
          ...(line?.sources ?? []).map((one) => ({ one, direction: 'source', value: source(one) })),
          ...(line?.outputs ?? []).map((one) => ({ one, direction: 'output', value: output(one) })),
        ];
        for (const { one, direction, value } of samples)
          if (value !== null) this.inc({ direction, name: one.name, kind: one.kind }, value);
      },
    });
}
