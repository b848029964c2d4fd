/** The station itself: state, health, events, audit log. */
import { Readable } from 'node:stream';
import type { Registry } from 'prom-client';
import { given } from '../../../core/given.ts';
import { felfriVersion } from '../../../core/version.ts';
import { mostPixels } from '../../../data/image/memory.ts';
import { auditForms, exportedAudit } from '../../audit/export.ts';
import { auditSearchOf } from '../../audit/search.ts';
import { toldEntry } from '../../audit/summary.ts';
import type { Station as StationState } from '../../contract/station.ts';
import { ReadinessCheck } from '../../readiness.ts';
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';
import type { EventStreams } from '../event-stream.ts';
import type { HandlersOf } from '../mount.ts';
import { openApiDocument } from '../openapi.ts';

function stateOf(station: Station, imageBytes: number): StationState {
  const { settings, queue, records, startedAt, recipes, inspections, notInspected } = station;
  const { OK: ok, REVIEW: review, NG: ng } = inspections.counts;
  const { limit, workers, threads, device = 'cpu' } = queue.settings;
  const { days, bytes, recordDays, recordCount } = settings.retention ?? {};
  return {
    version: felfriVersion,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1000,
    device: `${device}: ${workers} worker${workers === 1 ? '' : 's'} of ${threads} thread${threads === 1 ? '' : 's'}`,
    recipe: recipes.active,
    products: [...station.products.all],
    alarms: [...station.alarms.all],
    counts: { ok, review, ng, ...notInspected.counts },
    lastNotInspected: notInspected.last,
    decideSeconds: inspections.decideSeconds,
    showSeconds: settings.showSeconds ?? 30,
    queue: { length: queue.length, limit },
    store: settings.store,
    release: recipes.releases.policy,
    kept: {
      pictureDays: days ?? null,
      pictureBytes: bytes ?? null,
      recordDays: recordDays ?? null,
      recordCount: recordCount ?? null,
    },
    records: records.kind,
    limits: { imageBytes, imagePixels: Math.min(settings.maxPixels, mostPixels(queue.memory.bytes, 'uint8')) },
  };
}

/** What the audit log's subjects are called. */
async function namesOf({ records, dataSets, trainings, studies }: Station): Promise<Map<string, string>> {
  const named = [...(await records.recipes()), ...dataSets.list(), ...trainings.list(), ...studies.names];
  return new Map(named.map(({ id, name }) => [id, name]));
}

export interface StationContext {
  readonly streams: EventStreams;
  readonly metrics: Registry;
  readonly answers: Answers;
  /** Most bytes of an image. */
  readonly imageBytes: number;
}

export function stationHandlers(station: Station, context: StationContext): HandlersOf<'station'> {
  const { streams, metrics, imageBytes, answers } = context;
  const readiness = new ReadinessCheck(station);
  return {
    getStation: () => stateOf(station, imageBytes),
    listenToEvents: ({ request, reply }) => streams.add(request, reply),
    readAudit: async ({ query: { limit, before, ...filter } }) => {
      const entries = await station.records.auditEntries({ ...auditSearchOf(filter), ...given({ limit, before }) });
      const names = await namesOf(station);
      return { entries: entries.map((entry) => toldEntry(entry, names)) };
    },
    exportAudit: async ({ query: { format = 'csv', ...filter }, reply }) => {
      const search = auditSearchOf(filter);
      const names = await namesOf(station);
      answers.takeFile(reply);
      reply.type(auditForms[format].mediaType);
      reply.header('content-disposition', `attachment; filename="audit.${format}"`);
      return Readable.from(exportedAudit(station.records, { format, search, names }));
    },
    getHealth: () => ({ status: 'ok' }),
    getReadiness: async ({ reply }) => {
      const state = await readiness.ask();
      if (!state.ready) reply.code(503);
      return state;
    },
    getMetrics: ({ reply }) => {
      reply.type(metrics.contentType);
      return metrics.metrics();
    },
    getOpenApi: () => openApiDocument(),
  };
}
