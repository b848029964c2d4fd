/** The station itself: state, health, events, audit log, and what it says of its own API. */
import { Type } from '../../../core/schema.ts';
import { AuditExport, AuditQuery, AuditTrail } from '../audit.ts';
import { Health, Readiness, Station, StationEvent } from '../station.ts';
import type { Rows } from './endpoint.ts';

export const stationRows = {
  getStation: { least: 'operator', summary: 'What the station is and does', answer: Station },
  listenToEvents: {
    least: 'operator',
    summary: 'What happens from now on, as server-sent events',
    description: "Each event's name is the type of its data.",
    events: StationEvent,
    refuses: ['TOO_BUSY'],
  },
  readAudit: {
    least: 'engineer',
    summary: 'Who changed what, newest first',
    query: AuditQuery,
    answer: AuditTrail,
  },
  exportAudit: {
    least: 'engineer',
    summary: 'The audit log as a file, oldest entry first',
    description:
      'csv (the default) for people, each entry with its sentence; ndjson for programs, with which the chain of hashes can be followed where nothing was filtered out.',
    query: AuditExport,
    content: ['text/csv', 'application/x-ndjson'],
    refuses: ['TOO_BUSY'],
  },
  // whatever watches over the process asks often and must not be turned away
  getHealth: { least: 'anyone', summary: 'Whether the process lives', answer: Health, perMinute: 'unlimited' },
  getReadiness: {
    least: 'anyone',
    summary: 'Whether it can inspect',
    answer: Readiness,
    also: { 503: 'It cannot, and why' },
    perMinute: 'unlimited',
  },
  getMetrics: { least: 'operator', summary: 'What Prometheus reads', content: ['text/plain'] },
  getOpenApi: {
    least: 'operator',
    summary: 'This description (OpenAPI 3.1)',
    answer: Type.Object({ openapi: Type.String() }, { additionalProperties: true }),
  },
} as const satisfies Rows<'station'>;
