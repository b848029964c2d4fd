/** The station itself: state, health, events, audit log. */
import type { Registry } from 'prom-client';
import { felfriVersion } from '../../../core/version.ts';
import { auditSummary } from '../../audit-summary.ts';
import type { Readiness, Station as StationState } from '../../contract/station.ts';
import type { Station } from '../../station.ts';
import type { EventStreams } from '../event-stream.ts';
import { knownError } from '../failure.ts';
import type { HandlersOf } from '../mount.ts';
import { openApiDocument } from '../openapi.ts';

async function readiness(station: Station): Promise<Readiness> {
  if (station.queue.stopping) return { ready: false, reason: 'the station is stopping' };
  if (!station.active) return { ready: false, reason: station.inactiveReason ?? 'no recipe is active' };
  if (station.queue.isFull)
    return { ready: false, reason: `all ${station.queue.settings.limit} places of the queue are taken` };
  const failure = await station.records.ping().then(
    () => null,
    (error: unknown) => knownError(error).message,
  );
  return { ready: failure === null, reason: failure };
}

function stateOf(station: Station, imageBytes: number): StationState {
  const { settings, queue, records, startedAt, active } = station;
  const { OK: ok, REVIEW: review, NG: ng } = station.counts;
  const { decideSeconds, showSeconds, notInspected } = station;
  const { limit, workers, threads, device = 'cpu' } = queue.settings;
  const { days, bytes, recordDays, recordCount } = settings.retention ?? {};
  return {
    version: felfriVersion,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1000,
    device: `${device}: ${workers} worker${workers === 1 ? '' : 's'} of ${threads} thread${threads === 1 ? '' : 's'}`,
    recipe: active,
    alarms: [...station.alarms.all],
    counts: { ok, review, ng, ...notInspected.counts },
    lastNotInspected: notInspected.last,
    decideSeconds,
    showSeconds,
    queue: { length: queue.length, limit },
    store: settings.store,
    kept: {
      pictureDays: days ?? null,
      pictureBytes: bytes ?? null,
      recordDays: recordDays ?? null,
      recordCount: recordCount ?? null,
    },
    records: records.kind,
    limits: { imageBytes, imagePixels: settings.maxPixels },
  };
}

/** What the audit log's subjects are called. */
async function namesOf({ records, dataSets, trainings }: Station): Promise<Map<string, string>> {
  const named = [...(await records.recipes()), ...dataSets.list(), ...trainings.list()];
  return new Map(named.map(({ id, name }) => [id, name]));
}

export interface StationContext {
  readonly streams: EventStreams;
  readonly metrics: Registry;
  /** Most bytes of an image. */
  readonly imageBytes: number;
}

export function stationHandlers(station: Station, context: StationContext): HandlersOf<'station'> {
  const { streams, metrics, imageBytes } = context;
  return {
    getStation: () => stateOf(station, imageBytes),
    listenToEvents: ({ request, reply }) => streams.add(request, reply),
    readAudit: async ({ query }) => {
      const entries = await station.records.auditEntries(query);
      const names = await namesOf(station);
      return { entries: entries.map((entry) => ({ ...entry, summary: auditSummary(entry, names) })) };
    },
    getHealth: () => ({ status: 'ok' }),
    getReadiness: async ({ reply }) => {
      const state = await readiness(station);
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
