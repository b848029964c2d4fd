/** What Prometheus reads: decisions, times, the queue, requests, and the process itself. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isDecided } from '../inspections/decided.ts';
import type { Line } from '../line/line.ts';
import type { Station } from '../station.ts';
import type { Warnings } from '../warnings/warnings.ts';
import { addLineMetrics } from './line-metrics.ts';
import { addWarningMetrics } from './warning-metrics.ts';

/** Counts all requests from here on; gives what is counted. */
export function addMetrics(
  app: FastifyInstance,
  station: Station,
  { line, warnings }: { readonly line?: Line | undefined; readonly warnings?: Warnings | undefined },
): Registry {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, prefix: 'felfri_' });
  new Gauge({
    name: 'felfri_queue_length',
    help: 'Images accepted and not yet answered',
    registers,
    collect() {
      this.set(station.queue.length);
    },
  });
  new Gauge({ name: 'felfri_queue_limit', help: 'Images that the queue holds', registers }).set(
    station.queue.settings.limit,
  );
  // counted by the station, so that one place says how many there were
  new Counter({
    name: 'felfri_images_total',
    help: 'Images by what became of them: a decision, or why they were not inspected (refused, shed, late, lost, failed)',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries({ ...station.inspections.counts, ...station.notInspected.counts }))
        this.inc({ outcome }, count);
    },
  });
  const times = new Histogram({
    name: 'felfri_inspection_seconds',
    help: 'From the acceptance of an image to its decision',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  // rises before parts become NG, where light, lens or product change
  const closeness = new Histogram({
    name: 'felfri_score_of_limit',
    help: 'Score as a share of the NG limit, where that is above 0',
    buckets: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.5, 2, 5, 10, 100],
    registers,
  });
  station.events.listen((event) => {
    if (event.type !== 'inspection' || event.change !== 'new' || !isDecided(event.inspection)) return;
    const { millis, score, threshold, reference } = event.inspection;
    times.observe(millis / 1000);
    if (reference === null && threshold !== null && threshold > 0) closeness.observe(score / threshold);
  });
  new Gauge({
    name: 'felfri_drift_of_limit',
    help: 'How far what is watched has moved from what was learned, as a share of the limit; beyond 1 or -1 it drifts',
    labelNames: ['recipe', 'source', 'channel'],
    registers,
    collect() {
      this.reset();
      for (const { recipe, source, channels } of station.drift.all)
        for (const { name, ofLimit } of channels)
          if (ofLimit !== null) this.set({ recipe, source, channel: name }, ofLimit);
    },
  });
  const requests = new Histogram({
    name: 'felfri_http_request_seconds',
    help: 'Requests by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  if (line) addLineMetrics(register, () => line.told());
  addWarningMetrics(register, station, warnings);
  return register;
}
