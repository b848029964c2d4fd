/** The station itself: state, health, tuner, events, audit log. */
import type { FastifyInstance } from 'fastify';
import { felfriVersion } from '../../../core/version.ts';
import { auditSummary } from '../../audit-summary.ts';
import { ErrorBody, IdParams } from '../../contract/common.ts';
import { AuditQuery, AuditTrail, Health, Readiness, Station as StationState } from '../../contract/station.ts';
import { RecipeScores, TuneRequest, Tuning } from '../../contract/tuning.ts';
import type { Station } from '../../station.ts';
import { recipeScores, tune } from '../../tuning.ts';
import type { EventStreams } from '../event-stream.ts';
import { knownError } from '../failure.ts';

async function readiness(station: Station): Promise<Readiness> {
  if (station.queue.stopping) return { ready: false, reason: 'the station is stopping' };
  if (!station.active) return { ready: false, reason: 'no recipe is active' };
  const failure = await station.records.ping().then(
    () => null,
    (error: unknown) => knownError(error).message,
  );
  return { ready: failure === null, reason: failure };
}

function stateOf(station: Station, imageBytes: number): StationState {
  const { settings, queue, records, startedAt, active } = station;
  const { OK: ok, REVIEW: review, NG: ng, refused, shed } = station.counts;
  const { limit, workers, threads, device = 'cpu' } = queue.settings;
  const { days, bytes, recordDays, recordCount } = settings.retention ?? {};
  return {
    version: felfriVersion,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1000,
    device: `${device}: ${workers} worker${workers === 1 ? '' : 's'} of ${threads} thread${threads === 1 ? '' : 's'}`,
    recipe: active,
    counts: { ok, review, ng, refused, shed },
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

export function addStationRoutes(
  app: FastifyInstance,
  station: Station,
  streams: EventStreams,
  imageBytes: number,
): void {
  // whatever watches over the process asks often and must not be turned away
  const unlimited = { rateLimit: false as const };

  app.get(
    '/health',
    { schema: { summary: 'Whether the process lives', response: { 200: Health } }, config: unlimited },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/ready',
    { schema: { summary: 'Whether it can inspect', response: { 200: Readiness, 503: Readiness } }, config: unlimited },
    async (_, reply) => {
      const state = await readiness(station);
      return reply.code(state.ready ? 200 : 503).send(state);
    },
  );

  app.get(
    '/api/station',
    { schema: { summary: 'What the station is and does', response: { 200: StationState } } },
    async () => stateOf(station, imageBytes),
  );

  app.get<{ Params: IdParams }>(
    '/api/recipes/:id/scores',
    {
      schema: {
        summary: 'Labelled scores of a recipe',
        params: IdParams,
        response: { 200: RecipeScores, 404: ErrorBody },
      },
    },
    async (request) => recipeScores(station, request.params.id),
  );

  app.post<{ Params: IdParams; Body: TuneRequest }>(
    '/api/recipes/:id/tune',
    {
      schema: {
        summary: 'What two thresholds would make of them',
        params: IdParams,
        body: TuneRequest,
        response: { 200: Tuning, 400: ErrorBody, 404: ErrorBody, 409: ErrorBody },
      },
    },
    async (request) => tune(station, request.params.id, request.body),
  );

  app.get(
    '/api/events',
    { schema: { summary: 'Server-sent events', produces: ['text/event-stream'] } },
    (request, reply) => streams.add(request, reply),
  );

  app.get<{ Querystring: AuditQuery }>(
    '/api/audit',
    { schema: { summary: 'Who changed what, newest first', querystring: AuditQuery, response: { 200: AuditTrail } } },
    async (request) => {
      const entries = await station.records.auditEntries(request.query);
      const names = await namesOf(station);
      return { entries: entries.map((entry) => ({ ...entry, summary: auditSummary(entry, names) })) };
    },
  );
}
