/** Drift, and reference parts. */
import { DriftMonitor, DriftReset, DriftState, NewReference, ReferencePart, ReferenceRemoval } from '../drift.ts';
import type { Rows } from './endpoint.ts';

export const driftRows = {
  getDrift: {
    least: 'operator',
    summary: 'What is watched of each recipe before each camera, and reference parts with their charts',
    answer: DriftState,
  },
  resetDrift: {
    least: 'engineer',
    summary: 'Acknowledge what drifts, or learn anew from the next parts',
    body: DriftReset,
    answer: DriftMonitor,
  },
  addReference: {
    least: 'engineer',
    summary: 'State a reference part, which is presented on a schedule',
    description: 'An image is of it by its field `reference`, or where the name of its part is that of `part`.',
    body: NewReference,
    answer: ReferencePart,
    status: 201,
    refuses: ['NOT_FOUND', 'CONFLICT', 'OPTION_INVALID'],
  },
  removeReference: {
    least: 'engineer',
    summary: 'Take a reference part away, with its chart; inspections of it stay on record',
    query: ReferenceRemoval,
    status: 204,
  },
} as const satisfies Rows<'drift'>;
